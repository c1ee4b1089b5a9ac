package dev.cooperativetls.testkit;

import java.io.IOException;
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
 * The other end: a server on loopback that takes one connection and plays a script on it, on a platform thread. Its
 * TLS is SunJSSE's, asked for by name, unless a test says otherwise.
 */
public final class Peer implements AutoCloseable {

    /** BouncyCastle reports every failed handshake, and here they fail on purpose. A logger not held is forgotten. */
    private static final Logger BOUNCYCASTLE = Logger.getLogger("org.bouncycastle");

    static {
        BOUNCYCASTLE.setLevel(Level.OFF);
    }

    public static final Certificate CERTIFICATE = new Certificate();

    /** With another kind of key. */
    static final Certificate RSA_CERTIFICATE = Certificate.withKey("RSA");

    /** The same, but the signature on it is no RSA's. */
    static final Certificate RSA_CERTIFICATE_SIGNED_BY_EC = Certificate.authority("An authority").sign("RSA");

    public interface TlsScript {
        void play(SSLSocket tls, Wire wire) throws Exception;
    }

    public interface PlainScript {
        void play(Socket plain) throws Exception;
    }

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final FutureTask<Void> scene;

    private Peer(PlainScript script) throws IOException {
        scene = new FutureTask<>(() -> {
            try (Socket plain = server.accept()) {
                plain.setTcpNoDelay(true);
                script.play(plain);
            }
            return null;
        });
        Thread.ofPlatform().daemon().name("peer").start(scene);
    }

    /** Shakes hands in this version of TLS, then plays the script, then says close_notify. */
    public static Peer tls(String protocol, TlsScript script) throws Exception {
        return tls(CERTIFICATE, tls -> tls.setEnabledProtocols(new String[] {protocol}), script);
    }

    /** The same with this certificate, on a socket prepared like that. */
    public static Peer tls(Certificate certificate, Consumer<SSLSocket> prepared, TlsScript script) throws Exception {
        return tls(certificate.serverContext(), prepared, script);
    }

    /** The same in this context, which may be another's than SunJSSE's. */
    static Peer tls(SSLContext context, Consumer<SSLSocket> prepared, TlsScript script) throws Exception {
        return new Peer(plain -> {
            Wire wire = new Wire(plain);
            try (SSLSocket tls = JdkTlsServer.over(wire, context)) {
                prepared.accept(tls);
                // A flight in one piece: a client that refuses half of it resets the connection, and its alert is lost.
                wire.hold();
                tls.startHandshake();
                byte[] rest = wire.taken();
                wire.send(rest, 0, rest.length);
                script.play(tls, wire);
            }
        });
    }

    /** Plays the script without any TLS. */
    static Peer plain(PlainScript script) throws IOException {
        return new Peer(script);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress("localhost", server.getLocalPort());
    }

    /** Waits for the script's end, and throws what it threw. */
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
