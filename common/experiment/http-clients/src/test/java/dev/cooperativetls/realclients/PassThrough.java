package dev.cooperativetls.realclients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Between a client and a server on loopback: passes bytes on as they are, on platform threads, and counts the
 * connections.
 */
final class PassThrough implements AutoCloseable {

    private final ServerSocket listening;
    private final int serverPort;
    private final boolean connectFirst;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong passed = new AtomicLong();
    private volatile long mostAnswered = Long.MAX_VALUE;

    private PassThrough(String address, int serverPort, boolean connectFirst) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getByName(address));
        this.serverPort = serverPort;
        this.connectFirst = connectFirst;
        Thread.ofPlatform().daemon().name("pass-through").start(this::accept);
    }

    /** One that stands for the server, on a loopback address. */
    static PassThrough at(String address, int serverPort) throws IOException {
        return new PassThrough(address, serverPort, false);
    }

    /** An HTTP proxy: a client has to ask for the server with CONNECT, and is given this one whatever it asks for. */
    static PassThrough httpProxy(int serverPort) throws IOException {
        return new PassThrough("127.0.0.1", serverPort, true);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many were accepted so far. */
    int connections() {
        return connections.get();
    }

    /** How many bytes it has passed on, either way. */
    long passed() {
        return passed.get();
    }

    /** From now on, ends each new connection once the server has sent so many bytes, in the middle of anything. */
    void cutAnswersAfter(long bytes) {
        mostAnswered = bytes;
    }

    /** Ends every connection that there is. */
    void dropAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                connections.incrementAndGet();
                open.add(client);
                Thread.ofPlatform().daemon().name("pass-through-connection").start(() -> serve(client));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client; Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            open.add(server);
            if (connectFirst) {
                readHead(client.getInputStream());
                client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(US_ASCII));
            }
            Thread.ofPlatform().daemon().name("pass-through-requests")
                    .start(() -> pass(client, server, Long.MAX_VALUE));
            pass(server, client, mostAnswered);
        } catch (IOException _) {
            // One of the two has gone.
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, long most) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            long left = most;
            for (int count = in.read(buffer); count >= 0 && left > 0; count = in.read(buffer)) {
                out.write(buffer, 0, (int) Math.min(count, left));
                passed.addAndGet(count);
                left -= count;
            }
            if (left > 0) {
                to.shutdownOutput();
            }
        } catch (IOException _) {
            // One of the two has gone.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            dropAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
