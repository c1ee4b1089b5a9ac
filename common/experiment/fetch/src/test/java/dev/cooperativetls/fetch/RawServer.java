package dev.cooperativetls.fetch;

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

/** For the tests: an HTTP server on loopback that answers each page just as badly as it is told to. */
final class RawServer implements AutoCloseable {

    /** What is done to one connection, once its request has been read. */
    @FunctionalInterface
    interface Answer {
        void to(int page, Socket socket) throws IOException, InterruptedException;
    }

    /** What is done to one connection, from its first byte. */
    @FunctionalInterface
    interface Connection {
        void with(Socket socket) throws IOException, InterruptedException;
    }

    private final ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    RawServer(Answer answer) throws IOException {
        this(socket -> serve(socket, answer));
    }

    RawServer(Connection connection) throws IOException {
        Thread.ofPlatform().daemon().name("raw-server").start(() -> accept(connection));
    }

    /** One that says this to whatever comes first, and waits until the client has gone. */
    RawServer(String said) throws IOException {
        this(socket -> {
            try (socket) {
                socket.getInputStream().read();
                send(socket, said);
                socket.getInputStream().readAllBytes();
            }
        });
    }

    /** Answers as httpbin does, and closes. */
    static void valid(int page, Socket socket) throws IOException {
        String body = "{\"args\": {\"page\": \"" + page + "\"}}";
        send(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
        socket.close();
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Resets the connection, so that the client may lose what it has not read. */
    static void reset(Socket plain) throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    String url() {
        return url("http");
    }

    String url(String scheme) {
        return scheme + "://localhost:" + server.getLocalPort() + "/";
    }

    private void accept(Connection connection) {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close(); // it came too late for close()
                }
                Thread.ofPlatform().daemon().name("raw-answer").start(() -> serve(socket, connection));
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private static void serve(Socket socket, Connection connection) {
        try {
            connection.with(socket);
        } catch (IOException | InterruptedException _) {
            // The client has gone; its own report says why.
        }
    }

    /** Reads the request and has it answered. */
    static void serve(Socket socket, Answer answer) throws IOException, InterruptedException {
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
