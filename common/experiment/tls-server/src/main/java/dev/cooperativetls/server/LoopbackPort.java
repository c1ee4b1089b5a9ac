package dev.cooperativetls.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/**
 * One port, bound on 127.0.0.1 and, if the machine has this address, on ::1. This class and not Jetty binds the port.
 * So both addresses have the same port, and the error message names a port that is in use.
 */
record LoopbackPort(ServerSocketChannel ipv4, Optional<ServerSocketChannel> ipv6) implements Closeable {

    /** The maximum number of connections that wait to be accepted. The system may allow fewer. */
    private static final int BACKLOG = 4096;

    private static final int ATTEMPTS = 10;

    /**
     * Binds the port, or any free port for 0.
     *
     * @throws BindException if the port cannot be bound; the message names the port
     */
    static LoopbackPort bind(int port) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ServerSocketChannel ipv4 = listen(StandardProtocolFamily.INET, "127.0.0.1", port);
            try {
                return new LoopbackPort(ipv4, listenOnIpv6(ipv4.socket().getLocalPort()));
            } catch (PortInUseException e) {
                ipv4.close();
                // A port that was free on 127.0.0.1 may be in use on ::1.
                if (port != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (IOException e) {
                ipv4.close();
                throw e;
            }
        }
    }

    int number() {
        return ipv4.socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        ipv4.close();
        if (ipv6.isPresent()) {
            ipv6.get().close();
        }
    }

    private static Optional<ServerSocketChannel> listenOnIpv6(int port) throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) == null
                ? Optional.empty()
                : Optional.of(listen(StandardProtocolFamily.INET6, "::1", port));
    }

    private static ServerSocketChannel listen(StandardProtocolFamily family, String address, int port)
            throws IOException {
        var channel = ServerSocketChannel.open(family);
        try {
            return channel.bind(new InetSocketAddress(address, port), BACKLOG);
        } catch (BindException e) {
            channel.close();
            throw String.valueOf(e.getMessage()).contains("in use")
                    ? new PortInUseException(port)
                    : new BindException("port %s cannot be bound: %s".formatted(port, e.getMessage()));
        }
    }
}
