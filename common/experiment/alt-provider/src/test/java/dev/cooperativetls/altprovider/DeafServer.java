package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A server that never accepts, and whose queue is full: on Linux whoever would connect to it is left waiting. */
final class DeafServer implements AutoCloseable {

    private static final int MORE_THAN_THE_QUEUE = 8;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> queue = new ArrayList<>();

    DeafServer() throws IOException {
        for (int i = 0; i < MORE_THAN_THE_QUEUE; i++) {
            SocketChannel one = SocketChannel.open();
            queue.add(one);
            one.configureBlocking(false);
            one.connect(address());
        }
    }

    SocketAddress address() {
        return server.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel one : queue) {
            one.close();
        }
        server.close();
    }
}
