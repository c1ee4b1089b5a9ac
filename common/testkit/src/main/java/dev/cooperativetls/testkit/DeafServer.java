package dev.cooperativetls.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A server that never accepts a connection and whose queue is full. On Linux every connect to this server waits. */
public final class DeafServer implements AutoCloseable {

    private static final int MORE_THAN_THE_QUEUE = 8;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> queue = new ArrayList<>();

    public DeafServer() throws IOException {
        for (int i = 0; i < MORE_THAN_THE_QUEUE; i++) {
            var channel = SocketChannel.open();
            queue.add(channel);
            channel.configureBlocking(false);
            channel.connect(address());
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Returns a URL of this server with this scheme. */
    public String url(String scheme) {
        return scheme + "://localhost:" + server.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        for (var channel : queue) {
            channel.close();
        }
        server.close();
    }
}
