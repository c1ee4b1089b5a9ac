package dev.cooperativetls.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server on loopback that accepts one connection and runs a script on it, on a platform thread. It uses SunJSSE
 * unless a test passes another context.
 */
public final class Peer implements AutoCloseable {

    /**
     * A logger that must stay referenced, because otherwise its level is lost. BouncyCastle logs each failed handshake,
     * and here many handshakes fail on purpose.
     */
    private static final Logger BOUNCYCASTLE = Logger.getLogger("org.bouncycastle");

    static {
        BOUNCYCASTLE.setLevel(Level.OFF);
    }

    public static final Certificate CERTIFICATE = new Certificate();

    public interface TlsScript {
        void play(SSLSocket tls, Wire wire) throws Exception;
    }

    public interface PlainScript {
        void play(Socket plain) throws Exception;
    }

    private final ServerSocket server = new ServerSocket();
    private final FutureTask<Void> scene;

    /** @param bufferBytes the size of the receive buffer; 0 for the system's default */
    private Peer(int bufferBytes, PlainScript script) throws IOException {
        if (bufferBytes > 0) {
            server.setReceiveBufferSize(bufferBytes); // before the connection, whose window depends on this size
        }
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        scene = new FutureTask<>(() -> {
            try (Socket plain = server.accept()) {
                plain.setTcpNoDelay(true);
                script.play(plain);
            }
            return null;
        });
        Thread.ofPlatform().daemon().name("peer").start(scene);
    }

    /** Starts a peer that completes a handshake in this version of TLS, runs the script and sends close_notify. */
    public static Peer tls(String protocol, TlsScript script) throws Exception {
        return tls(CERTIFICATE, tls -> tls.setEnabledProtocols(new String[] {protocol}), script);
    }

    /** Starts the same peer with this certificate, on a prepared socket. */
    public static Peer tls(Certificate certificate, Consumer<SSLSocket> prepared, TlsScript script) throws Exception {
        return tls(certificate.serverContext(), prepared, script);
    }

    /** Starts the same peer with this context, which may be another provider's. */
    public static Peer tls(SSLContext context, Consumer<SSLSocket> prepared, TlsScript script) throws Exception {
        return new Peer(0, plain -> {
            Wire wire = new Wire(plain);
            try (SSLSocket tls = JdkTlsServer.over(wire, context)) {
                prepared.accept(tls);
                // Sends the whole flight at once. A client that refuses half a flight resets, and its alert is lost.
                wire.hold();
                tls.startHandshake();
                byte[] rest = wire.taken();
                wire.send(rest, 0, rest.length);
                script.play(tls, wire);
            }
        });
    }

    /** Starts a peer that reads and never answers. */
    static Peer silent() throws IOException {
        return plain(plain -> plain.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    /** Starts a peer that runs the script without TLS. */
    public static Peer plain(PlainScript script) throws IOException {
        return new Peer(0, script);
    }

    /** Starts the same peer with the smallest receive buffer, so that the client soon has to wait. */
    static Peer plainWithSmallBuffer(PlainScript script) throws IOException {
        return new Peer(1, script);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress("localhost", server.getLocalPort());
    }

    /**
     * Waits for the end of the script.
     *
     * @throws Exception if the script has thrown it
     */
    public void end() throws Exception {
        try {
            scene.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
