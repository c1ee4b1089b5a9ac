package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.Security;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** What a user's program may do, in a JVM of its own; {@link UserProcess} starts it. Prints what came of it. */
final class UserProgram {

    private UserProgram() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "providers" -> {
                System.out.println("first: " + Security.getProviders()[0].getName());
                for (String protocol : new String[] {"Default", "TLS", "TLSv1.1"}) {
                    System.out.println(protocol + ": " + providerOf(protocol));
                }
            }
            case "get" -> {
                try (SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket("localhost", Integer.parseInt(args[1]))) {
                    System.out.println(socket.getClass().getSimpleName() + " read " + socket.getInputStream().read());
                }
            }
            case "waits" -> {
                SSLContext context = SSLContext.getInstance("TLS", new AltProvider());
                context.init(null, new Anyone[] {new Anyone()}, null);
                for (int i = 0; i < 2; i++) {
                    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", Integer.parseInt(args[1]))) {
                        socket.startHandshake();
                    } catch (IOException e) {
                        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
                    }
                }
            }
            case "exit" -> exitWhileOthersWait(args);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static String providerOf(String protocol) {
        try {
            return SSLContext.getInstance(protocol).getProvider().getName();
        } catch (Exception e) {
            return e.getClass().getSimpleName() + ", " + e.getMessage();
        }
    }

    /** In a handshake, in a read and in a write that never end, and in nothing; on threads of both kinds. */
    private static void exitWhileOthersWait(String[] args) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new AltProvider());
        context.init(null, new Anyone[] {new Anyone()}, null);
        for (boolean virtual : new boolean[] {false, true}) {
            for (int i = 2; i < args.length; i++) {
                String state = args[i].split(":")[0];
                SSLSocket socket = (SSLSocket) context.getSocketFactory()
                        .createSocket("localhost", Integer.parseInt(args[i].split(":")[1]));
                var waiting = new Way(ReadCall.READ_INTO, EngineSource.BOUNCYCASTLE, "TLSv1.3", virtual).start(() -> {
                    switch (state) {
                        case "handshake" -> socket.startHandshake();
                        case "read" -> socket.getInputStream().read();
                        case "write" -> {
                            while (true) {
                                socket.getOutputStream().write(new byte[1 << 16]);
                            }
                        }
                        default -> throw new IllegalArgumentException(state);
                    }
                    return null;
                });
                if (i == 2 || !virtual) { // the first virtual one may hold the only carrier
                    waiting.waitsIn();
                }
            }
        }
        System.out.println("all wait");
        if (args[1].equals("by-system-exit")) {
            System.exit(3);
        }
    }
}
