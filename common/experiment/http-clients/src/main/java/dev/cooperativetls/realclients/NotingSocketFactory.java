package dev.cooperativetls.realclients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** The factory that it is given, but it notes the class of the sockets, which not every client tells. */
final class NotingSocketFactory extends SSLSocketFactory {

    private final SSLSocketFactory factory;
    private volatile String socketClass;

    NotingSocketFactory(SSLSocketFactory factory) {
        this.factory = factory;
    }

    /** The class of the last socket; null if there was none. */
    String socketClass() {
        return socketClass;
    }

    private Socket noted(Socket socket) {
        socketClass = socket.getClass().getName();
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return noted(factory.createSocket());
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        return noted(factory.createSocket(plain, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return noted(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return noted(factory.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return noted(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return noted(factory.createSocket(host, port, localHost, localPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }
}
