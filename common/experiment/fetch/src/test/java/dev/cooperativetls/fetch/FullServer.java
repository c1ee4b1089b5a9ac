package dev.cooperativetls.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** For the tests, on Linux: a server that never accepts and whose backlog is full, so that whoever connects waits. */
final class FullServer implements AutoCloseable {

    private static final int LONG_ENOUGH_MILLIS = 500;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> waiting = new ArrayList<>();

    FullServer() throws IOException {
        for (int refused = 0; refused < 2;) { // twice, since on a busy machine one may just have been late
            var socket = new Socket();
            try {
                socket.connect(server.getLocalSocketAddress(), LONG_ENOUGH_MILLIS);
                waiting.add(socket);
            } catch (SocketTimeoutException full) {
                refused++;
            }
        }
    }

    String url(String scheme) {
        return scheme + "://localhost:" + server.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        server.close();
    }
}
