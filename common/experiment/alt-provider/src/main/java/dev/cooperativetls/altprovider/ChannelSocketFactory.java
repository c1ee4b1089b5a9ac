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
 * A factory of plain sockets that have a channel. It is for clients that connect a plain socket first and then layer
 * TLS over it. The JDK's default factory creates sockets without a channel, and those cannot be polled.
 *
 * <p>A channel's socket is closed when a thread that waits on it is interrupted, whether that thread is virtual or not.
 */
public final class ChannelSocketFactory extends SocketFactory {

    private static final ChannelSocketFactory DEFAULT = new ChannelSocketFactory();

    /** Creates a factory. All factories are alike, because they have no state. */
    public ChannelSocketFactory() {}

    /**
     * Returns a factory of this class. This method hides {@link SocketFactory#getDefault()}, for libraries that are
     * configured with the name of a factory class and call its {@code getDefault}, such as the JDK's LDAP client.
     */
    public static SocketFactory getDefault() {
        return DEFAULT;
    }

    /** Creates an unconnected socket. */
    @Override
    public Socket createSocket() throws IOException {
        return SocketChannel.open().socket();
    }

    /**
     * Creates a connected socket.
     *
     * @param host loopback if null
     * @throws UnknownHostException if the host's address cannot be found
     */
    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(this, new InetSocketAddress(InetAddress.getByName(host), port), null);
    }

    /**
     * Creates a connected socket that is bound to a local address.
     *
     * @param host loopback if null
     * @param localHost any local address if null
     * @param localPort any free port if 0
     * @throws UnknownHostException if the host's address cannot be found
     */
    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(this, new InetSocketAddress(InetAddress.getByName(host), port),
                new InetSocketAddress(localHost, localPort));
    }

    /**
     * Creates a connected socket.
     *
     * @throws NullPointerException if the host is null
     */
    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(this, new InetSocketAddress(Objects.requireNonNull(host), port), null);
    }

    /**
     * Creates a connected socket that is bound to a local address.
     *
     * @param localHost any local address if null
     * @param localPort any free port if 0
     * @throws NullPointerException if the host is null
     */
    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(this, new InetSocketAddress(Objects.requireNonNull(host), port),
                new InetSocketAddress(localHost, localPort));
    }

    /**
     * Creates a socket, binds and connects it, and closes it if that fails.
     *
     * @param local the local address; null leaves the choice to the system
     */
    static Socket connected(SocketFactory factory, InetSocketAddress remote, InetSocketAddress local)
            throws IOException {
        Socket socket = factory.createSocket();
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
