package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The contract of the handshake, and of trust. */
@SuppressWarnings("try") // many tests close a resource by hand
interface HandshakeContract extends SocketUnderTest {

    @EveryMode
    default void a_peer_that_closes_during_the_handshake_is_reported_as_a_handshake_exception(SocketMode mode)
            throws Exception {
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().read(new byte[20_000]));
                SSLSocket socket = connectOnly(mode, peer)) {
            assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(SSLHandshakeException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @EveryMode
    default void a_peer_that_does_not_speak_tls_is_reported_as_an_ssl_exception(SocketMode mode) throws Exception {
        byte[] oversized = new byte[40_000];
        oversized[0] = 22;
        oversized[1] = 3;
        oversized[2] = 3;
        Arrays.fill(oversized, 3, 5, (byte) 0xff);
        byte[] noise = random(1_000);
        noise[0] = (byte) 0xa5; // TLS has no such content type
        for (byte[] answer : new byte[][] {
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            noise, oversized}) {
            try (Peer peer = Peer.plain(plain -> {
                plain.getInputStream().read(new byte[20_000]);
                plain.getOutputStream().write(answer);
                plain.shutdownOutput();
                plain.getInputStream().transferTo(OutputStream.nullOutputStream());
            }); SSLSocket socket = connectOnly(mode, peer)) {
                assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(SSLException.class);
                assertThat(socket.isClosed()).isTrue();
            }
        }
    }

    @EveryMode
    default void an_untrusted_certificate_is_refused_and_the_peer_gets_an_alert(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = client(mode, new Certificate())) {
            socket.connect(peer.address());
            assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(SSLHandshakeException.class);
            assertThat(socket.isClosed()).isTrue();
            assertThat(socket.getSession().isValid()).isFalse();
            assertThat(socket.getSession().getCipherSuite()).isEqualTo("SSL_NULL_WITH_NULL_NULL");
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(peer::end).isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("fatal alert").hasMessageContaining("certificate");
        }
    }

    /** SunJSSE does the same, except that its writes do not give the reason. */
    @EveryMode
    default void after_a_failed_handshake_every_read_and_write_gives_the_reason(SocketMode mode) throws Exception {
        record Failing(Peer peer, Class<? extends IOException> first, String reason) {}

        for (Failing failing : List.of(
                new Failing(showing(new Certificate().keyManagers(), mode), SSLHandshakeException.class, "certificat"),
                new Failing(Peer.plain(plain -> plain.getInputStream().read(new byte[20_000])),
                        SSLHandshakeException.class, "The peer closed the connection during the handshake"),
                new Failing(Peer.plain(plain -> {
                    plain.getInputStream().read(new byte[20_000]);
                    RawServer.reset(plain);
                }), SocketException.class, "reset"),
                new Failing(Peer.silent(), SocketTimeoutException.class, "Read timed out"))) {
            try (Peer peer = failing.peer; SSLSocket socket = connectOnly(mode, peer)) {
                socket.setSoTimeout(failing.first == SocketTimeoutException.class ? 20 : 0);
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                mode.run(() -> {
                    assertThatThrownBy(in::read).isInstanceOf(failing.first).hasMessageContaining(failing.reason);
                    for (int i = 0; i < 2; i++) {
                        assertThat(socket.isClosed()).isTrue();
                        for (ThrowingCallable later : List.<ThrowingCallable>of(in::read, () -> out.write(1))) {
                            assertThatThrownBy(later).isInstanceOf(SSLException.class)
                                    .hasMessageContaining(failing.reason).hasCauseInstanceOf(failing.first);
                        }
                        socket.close();
                    }
                });
            }
        }
    }

    @EveryMode
    default void the_host_name_is_checked_if_the_user_asks_for_it(SocketMode mode) throws Exception {
        for (String host : new String[] {"localhost", "elsewhere.example"}) {
            boolean right = host.equals("localhost");
            try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); Socket plain = plain(peer);
                    SSLSocket socket = layered(mode, plain, host, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                var reading = mode.start(() -> socket.getInputStream().read());
                if (right) {
                    assertThat(reading.result()).isEqualTo(-1);
                } else {
                    assertThatThrownBy(reading::result).isInstanceOf(SSLHandshakeException.class);
                }
            }
        }
    }

    @EveryMode
    default void a_reset_in_the_handshake_is_reported_as_a_socket_exception(SocketMode mode) throws Exception {
        try (Peer peer = Peer.plain(plain -> {
            plain.getInputStream().read(new byte[20_000]);
            plain.setSoLinger(true, 0);
            plain.close();
        }); SSLSocket socket = connectOnly(mode, peer)) {
            assertThatThrownBy(() -> read(mode, socket))
                    .isInstanceOf(SocketException.class).hasMessageContaining("reset");
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @EveryMode
    default void an_invalid_certificate_is_refused_with_the_reason(SocketMode mode) throws Exception {
        Certificate root = Certificate.authority("root");
        Certificate between = root.signAuthority("between");
        Certificate leaf = between.sign();
        Certificate own = new Certificate();
        record Bad(KeyManager[] shown, Certificate trusted, String reason) {}

        for (Bad bad : List.of(
                new Bad(root.signExpired().keyManagers(), root, "expired|validity"),
                new Bad(root.signTooEarly().keyManagers(), root, "not yet|NotBefore|validity"),
                new Bad(own.keyManagers(), root, "unable to find valid certification path"),
                new Bad(leaf.keyManagers(), Certificate.authority("root"), "certification path|signature|verif|Path"),
                new Bad(leaf.keyManagersWithoutIssuers(), root, "unable to find valid certification path"))) {
            try (Peer peer = showing(bad.shown, mode); SSLSocket socket = client(mode, bad.trusted)) {
                socket.connect(peer.address());
                assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(SSLHandshakeException.class)
                        .satisfies(refused -> assertThat(reasons(refused)).containsPattern("(?i)" + bad.reason));
                assertThat(socket.isClosed()).isTrue();
            }
        }
        try (Peer peer = showing(leaf.keyManagers(), mode); SSLSocket socket = client(mode, root)) {
            socket.connect(peer.address());
            assertThat(read(mode, socket)).as("a valid one is accepted").isEqualTo(-1);
        }
    }

    private static Peer showing(KeyManager[] keys, SocketMode mode) throws Exception {
        return Peer.tls(Peer.CERTIFICATE.serverContext(keys),
                tls -> tls.setEnabledProtocols(new String[] {mode.protocol()}), (_, _) -> {});
    }

    private static String reasons(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause).map(Throwable::toString)
                .collect(Collectors.joining("; "));
    }

    @EveryMode
    default void a_trust_manager_that_fails_ends_the_handshake(SocketMode mode) throws Exception {
        Anyone broken = new Anyone() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                throw new IllegalStateException("the trust manager's own failure");
            }
        };
        SSLContext context = context(mode, null, new Anyone[] {broken});
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = unconnected(context)) {
            socket.connect(peer.address());
            assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(SSLException.class)
                    .satisfies(e -> assertThat(reasons(e)).contains("the trust manager's own failure"));
            assertThat(socket.isClosed()).isTrue();
            assertThatThrownBy(peer::end).isInstanceOf(IOException.class);
        }
    }

    @EveryMode
    default void a_listener_to_the_handshake_may_write_and_close(SocketMode mode) throws Exception {
        CountDownLatch notified = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) ->
                assertThat(tls.getInputStream().readAllBytes()).isEqualTo(HELLO)); SSLSocket socket = client(mode)) {
            AtomicReference<String> suite = new AtomicReference<>();
            socket.addHandshakeCompletedListener(event -> {
                try (SSLSocket itself = event.getSocket()) {
                    suite.set(event.getCipherSuite());
                    itself.getOutputStream().write(HELLO);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    notified.countDown();
                }
            });
            HandshakeCompletedListener another = _ -> {};
            socket.addHandshakeCompletedListener(another);
            socket.removeHandshakeCompletedListener(another);
            assertThatThrownBy(() -> socket.removeHandshakeCompletedListener(another))
                    .isInstanceOf(IllegalArgumentException.class);
            connect(mode, socket, peer);
            notified.await();
            peer.end();
            assertThat(socket.isClosed()).isTrue();
            assertThat(suite).hasValue(socket.getSession().getCipherSuite());
        }
    }

    /** The first write needs a handshake, so it must read. */
    @EveryMode
    default void a_write_that_must_read_first_waits_for_the_peer(SocketMode mode) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.plain(plain -> {
            go.await();
            try (SSLSocket tls = JdkTlsServer.over(plain, mode.protocol())) {
                assertThat(tls.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            }
        }); SSLSocket socket = connectOnly(mode, peer)) {
            var writer = mode.start(() -> {
                socket.getOutputStream().write(HELLO);
            });
            writer.waitsIn();
            go.countDown();
            writer.result();
            peer.end();
        }
    }
}
