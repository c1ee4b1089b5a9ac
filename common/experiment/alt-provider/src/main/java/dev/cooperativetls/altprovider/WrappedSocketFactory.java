package dev.cooperativetls.altprovider;

import static dev.cooperativetls.altprovider.ChannelSocketFactory.connected;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** Makes {@link WrappedSocket}s: of its own, or layered over a connected socket that has a channel. */
final class WrappedSocketFactory extends SSLSocketFactory {

    private final SSLContext engines;
    private final Settings settings;

    WrappedSocketFactory(SSLContext engines, Settings settings) {
        this.engines = engines;
        this.settings = settings;
    }

    @Override
    public Socket createSocket() throws IOException {
        return WrappedSocket.unconnected(engines, settings);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(createSocket(), new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(createSocket(), new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(createSocket(), new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(createSocket(), new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    /**
     * Layers TLS over a connected socket.
     *
     * @throws SocketException if it is not connected
     * @throws IllegalArgumentException if it has no channel: then nothing could be polled. No {@code IOException}, at which
     *     {@code HttpURLConnection} would give its proxy up and connect past it
     */
    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        if (socket.getChannel() == null) {
            throw new IllegalArgumentException("TLS can only be layered over a socket with a channel:"
                    + " make the plain socket with ChannelSocketFactory or SocketChannel.open().socket()");
        }
        if (!socket.isConnected() || socket.isClosed()) {
            throw new SocketException("Socket is not connected");
        }
        return WrappedSocket.layered(engines, settings, socket.getChannel(), host, port, autoClose);
    }

    /** The server's side of a connection that is there already: as server sockets are, the engine source's own. */
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
        return engines.getSupportedSSLParameters().getCipherSuites();
    }
}
