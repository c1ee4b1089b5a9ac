package dev.cooperativetls.altprovider;

import static dev.cooperativetls.altprovider.ChannelSocketFactory.connected;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** A factory of {@link WrappedSocket}s, with a new channel or layered over a connected socket. */
final class WrappedSocketFactory extends SSLSocketFactory {

    private final SSLContext engines;
    private final ProviderSettings settings;

    WrappedSocketFactory(SSLContext engines, ProviderSettings settings) {
        this.engines = engines;
        this.settings = settings;
    }

    @Override
    public Socket createSocket() throws IOException {
        return WrappedSocket.unconnected(engines, settings);
    }

    /** @param host loopback if null */
    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    /** @param host loopback if null */
    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port, localHost, localPort);
    }

    /** @param host loopback if null */
    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(this, remote(host, port), null);
    }

    /** @param host loopback if null */
    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(this, remote(host, port), new InetSocketAddress(localHost, localPort));
    }

    private static InetSocketAddress remote(InetAddress host, int port) throws UnknownHostException {
        return new InetSocketAddress(host == null ? InetAddress.getByName(null) : host, port);
    }

    /**
     * Layers TLS over a connected socket, for a client or, after {@code setUseClientMode(false)}, for a server. A
     * socket without a channel cannot be polled. Then a server uses the engine source's TLS, and a client is refused at
     * the handshake with an {@code IllegalArgumentException}.
     *
     * @throws SocketException if the socket is not connected
     */
    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        if (!socket.isConnected() || socket.isClosed()) {
            throw new SocketException("Socket is not connected");
        }
        return socket.getChannel() == null ? new ServerSideSocket(engines, settings, socket, host, port, autoClose)
                : WrappedSocket.layered(engines, settings, socket.getChannel(), host, port, autoClose);
    }

    /** Layers a server's TLS over a connection. The socket comes from the engine source, as a server socket does. */
    @Override
    public Socket createSocket(Socket socket, InputStream consumed, boolean autoClose) throws IOException {
        return engines.getSocketFactory().createSocket(socket, consumed, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return engines.getDefaultSSLParameters().getCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return settings.engine().supportedCipherSuites(engines);
    }
}
