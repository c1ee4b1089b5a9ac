package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * A TLS socket over a socket without a channel, which {@link Poll} cannot wait for. It is for servers, for example
 * after STARTTLS, and delegates to a socket of the engine source. A client is refused at the handshake and not before,
 * because a server calls {@link #setUseClientMode} after the socket was created.
 */
final class ServerSideSocket extends DelegatingSslSocket {

    private final SSLSocket socket;

    /** An engine that only keeps the settings until the handshake. */
    private final SSLEngine engine;

    private volatile boolean begun;

    ServerSideSocket(SSLContext engines, ProviderSettings settings, Socket plain, String host, int port,
            boolean autoClose) throws IOException {
        super(engines, settings, plain);
        socket = (SSLSocket) engines.getSocketFactory().createSocket(plain, host, port, autoClose);
        engine = engines.createSSLEngine(host, port);
        engine.setUseClientMode(true);
    }

    @Override
    SSLEngine engine() {
        return engine;
    }

    /** @throws IllegalArgumentException if the handshake has begun */
    @Override
    public void setUseClientMode(boolean client) {
        if (client && begun) {
            throw new IllegalArgumentException("The handshake has begun in server mode");
        }
        super.setUseClientMode(client);
    }

    /** Refuses a client. The exception is unchecked, or else HttpClient 5 would try the host's next address. */
    private void requireServer() {
        if (getUseClientMode()) {
            throw new IllegalArgumentException("A client's TLS can only be layered over a socket with a channel:"
                    + " make the plain socket with ChannelSocketFactory or SocketChannel.open().socket()");
        }
    }

    /** Returns the engine source's socket. The first call copies the settings to it. */
    private synchronized SSLSocket begun() {
        requireServer();
        if (!begun) {
            socket.setUseClientMode(false);
            socket.setSSLParameters(engine.getSSLParameters());
            socket.setEnableSessionCreation(engine.getEnableSessionCreation());
            begun = true;
        }
        return socket;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        throw new SocketException("Already connected");
    }

    @Override
    public void startHandshake() throws IOException {
        begun().startHandshake();
    }

    @Override
    public SSLSession getSession() {
        return engine.getUseClientMode() ? engine.getSession() : begun().getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return socket.getHandshakeSession();
    }

    @Override
    public String getApplicationProtocol() {
        return socket.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return socket.getHandshakeApplicationProtocol();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        socket.addHandshakeCompletedListener(listener);
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        socket.removeHandshakeCompletedListener(listener);
    }

    @Override
    public InputStream getInputStream() {
        requireServer();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return begun().getInputStream().read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return begun().getInputStream().read(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        requireServer();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                begun().getOutputStream().write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                begun().getOutputStream().write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public String toString() {
        return "ServerSideSocket[%s]".formatted(socket);
    }
}
