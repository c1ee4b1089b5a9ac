package dev.cooperativetls.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server on loopback that runs a script on each connection, on a platform thread per connection. It can serve HTTP,
 * with any bad answer that the script sends.
 */
public final class RawServer implements AutoCloseable {

    /** A script that answers one HTTP request, which has been read. */
    @FunctionalInterface
    public interface Answer {
        void to(int page, Socket socket) throws Exception;
    }

    /** A script for one connection, from its first byte. */
    @FunctionalInterface
    public interface Connection {
        void with(Socket socket) throws Exception;
    }

    private final ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Starts a server that reads one HTTP request from each connection. */
    public RawServer(Answer answer) throws IOException {
        this(socket -> serve(socket, answer));
    }

    /** Starts a server. A connection whose script does not close its socket stays open. */
    public RawServer(Connection connection) throws IOException {
        Thread.ofPlatform().daemon().name("raw-server").start(() -> accept(connection));
    }

    /** Starts a server that sends this text after the first byte, and waits until the client has closed. */
    public RawServer(String text) throws IOException {
        this(socket -> {
            try (socket) {
                socket.getInputStream().read();
                send(socket, text);
                socket.getInputStream().readAllBytes();
            }
        });
    }

    /** Sends an answer like that of httpbin, and closes the connection. */
    public static void valid(int page, Socket socket) throws IOException {
        String body = "{\"args\": {\"page\": \"" + page + "\"}}";
        send(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
        socket.close();
    }

    public static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Resets the connection, so that the client may lose unread bytes. */
    public static void reset(Socket plain) throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return url("http");
    }

    public String url(String scheme) {
        return scheme + "://localhost:" + port() + "/";
    }

    private void accept(Connection connection) {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close(); // close() has not seen this socket
                }
                Thread.ofPlatform().daemon().name("raw-answer").start(() -> serve(socket, connection));
            }
        } catch (IOException _) {
            // The server is closed.
        }
    }

    private void serve(Socket socket, Connection connection) {
        try {
            connection.with(socket);
        } catch (Exception _) {
            // The client has ended the connection, and reports the reason itself.
        } finally {
            if (socket.isClosed()) {
                open.remove(socket);
            }
        }
    }

    /** Reads an HTTP request and answers it. */
    public static void serve(Socket socket, Answer answer) throws Exception {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String request = in.readLine();
        if (request == null) {
            return;
        }
        while (!in.readLine().isEmpty()) {
            // the rest of the head
        }
        answer.to(Integer.parseInt(request.replaceAll(".*page=(\\d+).*", "$1")), socket);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
