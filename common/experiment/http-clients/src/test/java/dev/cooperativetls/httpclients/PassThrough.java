package dev.cooperativetls.httpclients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay to a server on loopback. It forwards the bytes, counts the connections, and can cut them. */
final class PassThrough implements AutoCloseable {

    private final String address;
    private final URI server;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile long longestAnswer = Long.MAX_VALUE;

    /** @param address a loopback address or {@code localhost} */
    PassThrough(String address, URI server) throws IOException {
        this.address = address;
        this.server = server;
        this.listening = new ServerSocket(0, 50, InetAddress.getByName(address));
        start(this::accept);
    }

    URI uri(String path) {
        return URI.create(server.getScheme() + "://" + address + ":" + listening.getLocalPort() + path);
    }

    /** Returns the number of connections that the relay has accepted. */
    int connections() {
        return connections.get();
    }

    /** Makes each new connection end when the server has sent this number of bytes. */
    void cutAnswersAfter(long bytes) {
        longestAnswer = bytes;
    }

    /** Closes every open connection. */
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                connections.incrementAndGet();
                var onward = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
                open.addAll(List.of(client, onward));
                long longest = longestAnswer;
                start(() -> pass(client, onward, Long.MAX_VALUE));
                start(() -> pass(onward, client, longest));
            }
        } catch (IOException _) {
            // The relay is closed.
        }
    }

    private static void pass(Socket from, Socket to, long most) {
        try (from; to) {
            var buffer = new byte[16 * 1024];
            long left = most;
            for (int count; left > 0 && (count = from.getInputStream().read(buffer)) >= 0; left -= count) {
                to.getOutputStream().write(buffer, 0, (int) Math.min(count, left));
            }
        } catch (IOException _) {
            // One of the sockets is closed.
        }
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().daemon().name("pass-through").start(task);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
