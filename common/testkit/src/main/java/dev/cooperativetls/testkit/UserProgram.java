package dev.cooperativetls.testkit;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Security;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A user's program, which {@link UserProcess} starts in another JVM. It prints its results. */
final class UserProgram {

    private static final SocketMode MODE =
            new SocketMode(SocketMode.READ_INTO, SocketMode.BOUNCYCASTLE, "TLSv1.3", true);

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
                try (SSLSocket socket = connect(SSLSocketFactory.getDefault(), args[1])) {
                    System.out.println(socket.getClass().getSimpleName() + " read " + socket.getInputStream().read());
                }
            }
            case "waits" -> {
                SSLContext context = trustingAnyone();
                for (int i = 0; i < 2; i++) {
                    try (SSLSocket socket = connect(context.getSocketFactory(), args[1])) {
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

    private static SSLContext trustingAnyone() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", MODE.provider(WrapperForm.REQUIRED));
        context.init(null, new Anyone[] {new Anyone()}, null);
        return context;
    }

    private static SSLSocket connect(SocketFactory sockets, String port) throws IOException {
        return (SSLSocket) sockets.createSocket("localhost", Integer.parseInt(port));
    }

    private static String providerOf(String protocol) {
        try {
            return SSLContext.getInstance(protocol).getProvider().getName();
        } catch (Exception e) {
            return e.getClass().getSimpleName() + ", " + e.getMessage();
        }
    }

    /** Ends while a handshake, a read and a write wait for ever, on threads of both kinds. */
    private static void exitWhileOthersWait(String[] args) throws Exception {
        SSLContext context = trustingAnyone();
        for (boolean virtual : new boolean[] {false, true}) {
            for (int i = 2; i < args.length; i++) {
                String state = args[i].split(":")[0];
                SSLSocket socket = connect(context.getSocketFactory(), args[i].split(":")[1]);
                var waiting = MODE.onThreads(virtual).start(() -> {
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
                });
                if (i == 2 || !virtual) { // the first virtual thread may block the only carrier
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
