package dev.cooperativetls.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.TestInstance;

/** The sockets that a contract tests: those of one {@link WrapperForm}, in every {@link SocketMode}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // because EveryMode gets the modes from the instance
interface SocketUnderTest {

    byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    /** The size of a small send buffer. */
    int SMALL = 1 << 14;

    /** More bytes than a small send buffer and the peer's receive buffer can store. */
    int MUCH = 2_000_000;

    /** Returns the form that is on the class path. */
    WrapperForm form();

    /** Returns a context of the provider on the class path. */
    default SSLContext context(SocketMode mode, KeyManager[] keys, TrustManager[] trust) throws Exception {
        return form().context(mode, WrapperForm.REQUIRED, keys, trust);
    }

    /** Returns an unconnected socket that trusts this certificate. */
    default SSLSocket client(SocketMode mode, Certificate trusted) throws Exception {
        return unconnected(form().context(mode, trusted));
    }

    /** Returns an unconnected socket that trusts the peers. */
    default SSLSocket client(SocketMode mode) throws Exception {
        return client(mode, Peer.CERTIFICATE);
    }

    /** Returns an unconnected socket that trusts every certificate. */
    default SSLSocket trustingAnyone(SocketMode mode) throws Exception {
        return unconnected(context(mode, null, new Anyone[] {new Anyone()}));
    }

    default SSLSocket unconnected(SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket();
    }

    /** Returns a connected socket whose handshake is complete. */
    default SSLSocket connect(SocketMode mode, Peer peer) throws Exception {
        return connect(mode, client(mode), peer);
    }

    /** Returns a connected socket that has not begun its handshake. */
    default SSLSocket connectOnly(SocketMode mode, Peer peer) throws Exception {
        SSLSocket socket = client(mode);
        socket.connect(peer.address());
        return socket;
    }

    /** Reads one byte on a thread of this mode's kind. */
    default int read(SocketMode mode, SSLSocket socket) throws Exception {
        return mode.run(() -> socket.getInputStream().read());
    }

    /** Reads to the end of the stream on a thread of this mode's kind. */
    default byte[] readAll(SocketMode mode, SSLSocket socket) throws Exception {
        return mode.run(() -> socket.getInputStream().readAllBytes());
    }

    /** Connects the socket and completes its handshake. */
    default SSLSocket connect(SocketMode mode, SSLSocket socket, Peer peer) throws Exception {
        mode.run(() -> {
            socket.connect(peer.address());
            socket.startHandshake();
        });
        return socket;
    }

    default Socket plain(Peer peer) throws IOException {
        return SocketChannel.open(peer.address()).socket();
    }

    default SSLSocket layered(SocketMode mode, Socket plain, String host, boolean autoClose) throws Exception {
        return (SSLSocket) form().context(mode, Peer.CERTIFICATE).getSocketFactory()
                .createSocket(plain, host, plain.getPort(), autoClose);
    }

    default byte[] random(int length) {
        var bytes = new byte[length];
        new Random().nextBytes(bytes);
        return bytes;
    }
}
