package dev.cooperativetls.httpclients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;

/**
 * A factory that reports the class of each new socket to the thread that creates the socket. {@code HttpURLConnection}
 * reports neither this class nor whether it opened a connection.
 */
final class ObservedSocketFactory extends SSLSocketFactory {

    private static final ScopedValue<Consumer<Class<?>>> OBSERVER = ScopedValue.newInstance();

    private final SSLSocketFactory factory;

    ObservedSocketFactory(SSLSocketFactory factory) {
        this.factory = factory;
    }

    /**
     * Runs an operation and reports its sockets.
     *
     * @param observer receives the class of each socket that the operation creates, before the socket is connected
     * @throws X if the operation throws it
     */
    static <X extends Throwable> void observe(Consumer<Class<?>> observer, ScopedValue.CallableOp<Void, X> operation)
            throws X {
        ScopedValue.where(OBSERVER, observer).call(operation);
    }

    private static Socket observed(Socket socket) {
        if (OBSERVER.isBound()) {
            OBSERVER.get().accept(socket.getClass());
        }
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return observed(factory.createSocket());
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        return observed(factory.createSocket(plain, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return observed(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return observed(factory.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return observed(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return observed(factory.createSocket(host, port, localHost, localPort));
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
