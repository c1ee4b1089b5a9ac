package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import javax.net.SocketFactory;

/**
 * Makes plain sockets that have a channel, for clients that connect a socket of their own and then have TLS layered
 * over it. The JDK's own factory makes sockets without one, and those cannot be polled.
 *
 * <p>As every socket of a channel, it is closed when a thread that waits on it is interrupted, and not only when that
 * thread is virtual.
 */
public final class ChannelSocketFactory extends SocketFactory {

    private static final ChannelSocketFactory DEFAULT = new ChannelSocketFactory();

    /** As good as any other: it has no state. */
    public ChannelSocketFactory() {}

    /** Hides {@link SocketFactory#getDefault()}, for those who name a factory by its class, as LDAP's settings do. */
    public static SocketFactory getDefault() {
        return DEFAULT;
    }

    /** An unconnected socket. */
    @Override
    public Socket createSocket() throws IOException {
        return SocketChannel.open().socket();
    }

    /**
     * A connected socket.
     *
     * @param host loopback if null
     * @throws UnknownHostException if the host's address cannot be found
     */
    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(createSocket(), new InetSocketAddress(InetAddress.getByName(host), port), null);
    }

    /**
     * A connected socket that is bound to a local address.
     *
     * @param host loopback if null
     * @param localHost any local address if null
     * @param localPort any free port if 0
     * @throws UnknownHostException if the host's address cannot be found
     */
    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(createSocket(), new InetSocketAddress(InetAddress.getByName(host), port),
                new InetSocketAddress(localHost, localPort));
    }

    /** A connected socket. */
    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(createSocket(), new InetSocketAddress(Objects.requireNonNull(host), port), null);
    }

    /**
     * A connected socket that is bound to a local address.
     *
     * @param localHost any local address if null
     * @param localPort any free port if 0
     */
    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(createSocket(), new InetSocketAddress(Objects.requireNonNull(host), port),
                new InetSocketAddress(localHost, localPort));
    }

    /** Connects a socket, bound to the local address unless that is null; closed if that fails. */
    static Socket connected(Socket socket, InetSocketAddress remote, InetSocketAddress local) throws IOException {
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
