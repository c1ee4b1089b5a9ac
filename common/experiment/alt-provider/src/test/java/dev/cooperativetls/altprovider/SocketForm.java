package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.TestInstance;

/**
 * A form in which sockets come: as they are, or with somebody's wrapper around their connections. Whoever says which
 * can be held to the contracts: what a {@link WrappedSocket} must do and survive, in every {@link Way}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // since the form has to be there to tell its ways
interface SocketForm {

    byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    /** A send buffer, and more than it and the peer's receive buffer hold. */
    int SMALL = 1 << 14;
    int MUCH = 2_000_000;

    /** Who wraps the connections. */
    Optional<ConnectionWrapper> wrapper();

    /** Which class makes a thread wait that reads from the socket: {@code Poll} or {@code Hub}. */
    String readerWaitsIn(Way way);

    /** The ways to use it. */
    Stream<Way> ways();

    /** A context of the provider's. */
    default SSLContext context(Way way, CloseNotify closeNotify, KeyManager[] keys, TrustManager[] trust)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS",
                new AltProvider(new ProviderSettings(way.readCall(), way.engine(), closeNotify, wrapper())));
        context.init(keys, trust, null);
        return context;
    }

    default SSLContext context(Way way, Certificate trusted) throws Exception {
        return context(way, CloseNotify.REQUIRED, null, trusted.trustManagers());
    }

    /** A socket that is not connected. */
    default SSLSocket client(Way way, Certificate trusted) throws Exception {
        return (SSLSocket) context(way, trusted).getSocketFactory().createSocket();
    }

    default SSLSocket client(Way way) throws Exception {
        return client(way, Peer.CERTIFICATE);
    }

    /** Connected, and the handshake done. */
    default SSLSocket connect(Way way, Peer peer) throws Exception {
        return connect(way, client(way), peer);
    }

    default SSLSocket connect(Way way, SSLSocket socket, Peer peer) throws Exception {
        way.run(() -> {
            socket.connect(peer.address());
            socket.startHandshake();
            return null;
        });
        return socket;
    }

    default Socket plain(Peer peer) throws IOException {
        return SocketChannel.open(peer.address()).socket();
    }

    default SSLSocket layered(Way way, Socket plain, String host, boolean autoClose) throws Exception {
        return (SSLSocket) context(way, Peer.CERTIFICATE).getSocketFactory()
                .createSocket(plain, host, plain.getPort(), autoClose);
    }

    default byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
