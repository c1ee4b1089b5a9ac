package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/** The contract of negotiation: ciphers, names, protocols, client certificates, parameters, sessions. */
@SuppressWarnings("try") // many tests close a resource by hand
interface NegotiationContract extends SocketUnderTest {

    Certificate RSA = Certificate.withKey("RSA");
    Certificate AUTHORITY = Certificate.authority("An authority");
    Certificate RSA_SIGNED_BY_EC = AUTHORITY.sign("RSA");

    /** Authorities that sign with RSASSA-PSS. One has a key for every RSA scheme, the other for this scheme only. */
    List<Certificate> PSS_AUTHORITIES = List.of(
            Certificate.authority("PSS", "RSA"), Certificate.authority("PSS", "RSASSA-PSS"));
    List<Certificate> SIGNED_WITH_PSS = PSS_AUTHORITIES.stream().map(Certificate::signWithPss).toList();

    @EveryMode(oncePerEngine = true)
    default void each_enabled_cipher_suite_works(SocketMode mode) throws Exception {
        SSLContext rsa = serverOf(mode, RSA);
        SSLContext dsa = serverOf(mode, Certificate.withKey("DSA"));
        SSLContext ec = serverOf(mode, Peer.CERTIFICATE);
        List<String> agreed = new ArrayList<>();
        List<String> enabled = Arrays.stream(client(mode).getEnabledCipherSuites())
                .filter(suite -> suite.contains("_WITH_") == mode.protocol().equals("TLSv1.2"))
                .filter(suite -> !suite.endsWith("_SCSV")) // a signal and not a suite
                .toList();
        for (String suite : enabled) {
            SSLContext server = suite.contains("_RSA_") ? rsa : suite.contains("_DSS_") ? dsa : ec;
            try (Peer peer = Peer.tls(server, tls -> {
                tls.setEnabledProtocols(new String[] {mode.protocol()});
                tls.setEnabledCipherSuites(new String[] {suite});
            }, (tls, _) -> tls.getOutputStream().write(HELLO)); SSLSocket socket = trustingAnyone(mode)) {
                socket.setEnabledCipherSuites(new String[] {suite});
                socket.connect(peer.address());
                assertThatCode(() -> assertThat(readAll(mode, socket))
                        .isEqualTo(HELLO)).as(suite).doesNotThrowAnyException();
                agreed.add(socket.getSession().getCipherSuite());
            }
        }
        assertThat(agreed).isEqualTo(enabled).hasSizeGreaterThanOrEqualTo(3);
    }

    /** The JDK disables the suites without forward secrecy, so the server uses BouncyCastle. */
    @EveryMode(protocols = "TLSv1.2", oncePerEngine = true)
    default void each_suite_without_forward_secrecy_works_when_enabled_or_is_not_listed(SocketMode mode)
            throws Exception {
        SSLContext client = form().context(mode, AUTHORITY);
        SSLContext server = serverOf(mode, RSA_SIGNED_BY_EC);
        List<String> suites = Stream.of(client.getSupportedSSLParameters().getCipherSuites())
                .filter(suite -> suite.startsWith("TLS_RSA_")).toList();
        assertThat(suites).hasSizeGreaterThanOrEqualTo(mode.overJdkEngine() ? 0 : 10)
                .containsExactlyElementsOf(Stream.of(client.getSocketFactory().getSupportedCipherSuites())
                        .filter(suite -> suite.startsWith("TLS_RSA_")).toList());
        for (String suite : suites) {
            try (Peer peer = Peer.tls(server, tls -> {
                tls.setEnabledProtocols(new String[] {mode.protocol()});
                tls.setEnabledCipherSuites(new String[] {suite});
            }, (tls, _) -> tls.getOutputStream().write(HELLO)); SSLSocket socket = unconnected(client)) {
                socket.setEnabledCipherSuites(new String[] {suite});
                socket.connect(peer.address());
                assertThatCode(() -> assertThat(readAll(mode, socket)).isEqualTo(HELLO))
                        .as(suite).doesNotThrowAnyException();
                assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
            }
        }
    }

    /** The other side is SunJSSE, because two sides with the same bug would understand each other. */
    @EveryMode(oncePerEngine = true)
    default void chacha20_works_with_sunjsse(SocketMode mode) throws Exception {
        String suite = mode.protocol().equals("TLSv1.2")
                ? "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" : "TLS_CHACHA20_POLY1305_SHA256";
        byte[] records = new byte[100_000];
        new Random(20).nextBytes(records);
        try (Peer peer = Peer.tls(Peer.CERTIFICATE, tls -> {
            tls.setEnabledProtocols(new String[] {mode.protocol()});
            tls.setEnabledCipherSuites(new String[] {suite});
        }, (tls, _) -> {
            byte[] got = tls.getInputStream().readNBytes(records.length);
            tls.getOutputStream().write(got, 0, 50_000);
            if (mode.protocol().equals("TLSv1.3")) {
                tls.startHandshake(); // new keys
            }
            tls.getOutputStream().write(got, 50_000, 50_000);
        }); SSLSocket socket = connect(mode, peer)) {
            assertThat(mode.run(() -> {
                socket.getOutputStream().write(records);
                return socket.getInputStream().readNBytes(records.length);
            })).isEqualTo(records);
            assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
            peer.end();
        }
    }

    @EveryMode(oncePerEngine = true)
    default void nothing_older_than_tls_1_2_is_enabled(SocketMode mode) throws Exception {
        try (SSLSocket socket = client(mode)) {
            assertThat(socket.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        }
        byte[] serverHello = {22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2};
        serverHello = Arrays.copyOf(serverHello, 5 + 42);
        serverHello[5 + 39] = (byte) 0xc0; // TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
        serverHello[5 + 40] = 9;
        byte[] answer = serverHello;
        try (Peer peer = Peer.plain(plain -> {
            plain.getInputStream().read(new byte[20_000]);
            plain.getOutputStream().write(answer);
            plain.getInputStream().read(new byte[20_000]);
        }); SSLSocket socket = connectOnly(mode, peer)) {
            assertThatThrownBy(() -> read(mode, socket))
                    .isInstanceOf(SSLException.class).hasMessageMatching("(?i).*(protocol|version).*");
        }
    }

    @EveryMode(oncePerEngine = true)
    default void the_host_name_is_sent_to_the_server_and_an_address_is_not(SocketMode mode) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        byte[] address = loopback.getAddress();
        for (boolean layered : new boolean[] {true, false}) {
            for (String host : new String[] {"www.example.test", "127.0.0.1"}) {
                AtomicReference<List<SNIServerName>> received = new AtomicReference<>();
                try (Peer peer = Peer.tls(mode.protocol(), (tls, _) ->
                        received.set(((ExtendedSSLSession) tls.getSession()).getRequestedServerNames()));
                        Socket plain = layered ? plain(peer) : new Socket();
                        SSLSocket socket = layered ? layered(mode, plain, host, true) : client(mode)) {
                    if (!layered) {
                        socket.connect(new InetSocketAddress(
                                host.startsWith("www") ? InetAddress.getByAddress(host, address) : loopback(),
                                peer.address().getPort()));
                    }
                    assertThat(read(mode, socket)).isEqualTo(-1);
                    peer.end();
                }
                if (host.startsWith("www")) {
                    assertThat(received.get()).containsExactly(new SNIHostName(host));
                } else {
                    assertThat(received.get()).isEmpty();
                }
            }
        }
    }

    /** Returns the address without a host name. */
    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    @EveryMode(oncePerEngine = true)
    default void an_application_protocol_of_both_sides_is_agreed_on(SocketMode mode) throws Exception {
        for (String server : new String[] {"h2", "http/1.1"}) {
            AtomicReference<String> agreed = new AtomicReference<>();
            try (Peer peer = Peer.tls(Peer.CERTIFICATE, tls -> {
                tls.setEnabledProtocols(new String[] {mode.protocol()});
                set(tls, parameters -> parameters.setApplicationProtocols(new String[] {server}));
            }, (tls, _) -> agreed.set(tls.getApplicationProtocol())); SSLSocket socket = client(mode)) {
                set(socket, parameters -> parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"}));
                connect(mode, socket, peer);
                assertThat(socket.getApplicationProtocol()).isEqualTo(server);
                peer.end();
                assertThat(agreed).hasValue(server);
            }
        }
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = connect(mode, peer)) {
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    // Certificates of the server and of the client

    /** Both sides have the same certificate, so its key is used to sign and to verify. */
    @EveryMode(oncePerEngine = true)
    default void a_certificate_with_an_ec_or_an_rsa_key_is_accepted_and_sent_on_request(SocketMode mode)
            throws Exception {
        for (Certificate certificate : List.of(Peer.CERTIFICATE, RSA)) {
            AtomicReference<Object> shown = new AtomicReference<>();
            SSLContext context = context(mode, certificate.keyManagers(),
                    certificate.trustManagers());
            try (Peer peer = asking(mode, certificate, tls -> shown.set(tls.getSession().getPeerCertificates()[0]));
                    SSLSocket socket = unconnected(context)) {
                connect(mode, socket, peer);
                assertThatCode(() -> assertThat(read(mode, socket)).isEqualTo(-1))
                        .as(certificate.toString()).doesNotThrowAnyException();
                peer.end();
                assertThat(socket.getSession().getPeerCertificates()).containsExactly(certificate.certificate());
                assertThat(shown.get()).isEqualTo(certificate.certificate());
                assertThat(socket.getSession().getLocalPrincipal()).hasToString("CN=localhost");
            }
        }
    }

    @EveryMode(oncePerEngine = true)
    default void a_certificate_that_is_signed_with_rsassa_pss_is_accepted(SocketMode mode) throws Exception {
        for (int i = 0; i < PSS_AUTHORITIES.size(); i++) {
            Certificate signed = SIGNED_WITH_PSS.get(i);
            assertThat(signed.certificate().getSigAlgName()).isEqualTo("RSASSA-PSS");
            try (Peer peer = Peer.tls(signed, tls -> tls.setEnabledProtocols(new String[] {mode.protocol()}),
                    (tls, _) -> tls.getOutputStream().write(HELLO));
                    SSLSocket socket = client(mode, PSS_AUTHORITIES.get(i))) {
                socket.connect(peer.address());
                assertThat(readAll(mode, socket)).isEqualTo(HELLO);
                assertThat(socket.getSession().getPeerCertificates()).containsExactly(signed.certificate());
            }
        }
    }

    @EveryMode(oncePerEngine = true)
    default void a_key_manager_is_called_once_with_all_key_types(SocketMode mode) throws Exception {
        for (Certificate certificate : List.of(Peer.CERTIFICATE, RSA)) {
            List<String[]> asked = new ArrayList<>();
            X509ExtendedKeyManager keys = (X509ExtendedKeyManager) certificate.keyManagers()[0];
            X509ExtendedKeyManager listening = new X509ExtendedKeyManager() {
                @Override
                public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
                    asked.add(types);
                    return keys.chooseEngineClientAlias(types, issuers, engine);
                }

                @Override
                public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
                    throw new AssertionError("the sockets have an engine");
                }

                @Override
                public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
                    throw new AssertionError("the sockets are clients");
                }

                @Override
                public String[] getClientAliases(String type, Principal[] issuers) {
                    return keys.getClientAliases(type, issuers);
                }

                @Override
                public String[] getServerAliases(String type, Principal[] issuers) {
                    return keys.getServerAliases(type, issuers);
                }

                @Override
                public X509Certificate[] getCertificateChain(String alias) {
                    return keys.getCertificateChain(alias);
                }

                @Override
                public PrivateKey getPrivateKey(String alias) {
                    return keys.getPrivateKey(alias);
                }
            };
            AtomicReference<Object> shown = new AtomicReference<>();
            SSLContext context = context(mode, new KeyManager[] {listening}, certificate.trustManagers());
            try (Peer peer = asking(mode, certificate, tls -> shown.set(tls.getSession().getPeerCertificates()[0]));
                    SSLSocket socket = unconnected(context)) {
                connect(mode, socket, peer);
                peer.end();
            }
            assertThat(shown).hasValue(certificate.certificate());
            assertThat(asked).hasSize(1);
            assertThat(asked.getFirst()).doesNotHaveDuplicates().contains("EC", "RSA")
                    .allSatisfy(type -> assertThat(type).doesNotContain("/", "_"));
        }
    }

    /** The server's RSA key may use only one scheme. ECDSA is for the signature on the server's certificate. */
    @EveryMode(oncePerEngine = true)
    default void every_signature_scheme_of_an_rsa_key_is_understood(SocketMode mode) throws Exception {
        Stream<String> schemes = Stream.of("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512");
        if (mode.protocol().equals("TLSv1.2")) {
            schemes = Stream.concat(schemes, Stream.of("rsa_pkcs1_sha256"));
        }
        for (String scheme : schemes.toList()) {
            Consumer<SSLParameters> only = parameters -> parameters.setSignatureSchemes(
                    new String[] {scheme, "ecdsa_secp256r1_sha256"});
            try (Peer peer = Peer.tls(RSA_SIGNED_BY_EC, tls -> {
                tls.setEnabledProtocols(new String[] {mode.protocol()});
                set(tls, only);
            }, (tls, _) -> tls.getOutputStream().write(HELLO)); SSLSocket socket = trustingAnyone(mode)) {
                set(socket, only);
                socket.connect(peer.address());
                assertThat(readAll(mode, socket)).as(scheme).isEqualTo(HELLO);
            }
        }
    }

    /**
     * In TLS 1.3 the client has completed its handshake, and gets the alert at the first read. In TLS 1.2 the client is
     * still in its handshake. A server that closes with unread bytes may reset the connection, and the alert is lost.
     */
    @EveryMode(oncePerEngine = true)
    default void a_missing_client_certificate_is_reported_with_the_alert_of_the_server(SocketMode mode)
            throws Exception {
        try (Peer peer = asking(mode, Peer.CERTIFICATE, _ -> {}); SSLSocket socket = connectOnly(mode, peer)) {
            Callable<Integer> reading = () -> socket.getInputStream().read();
            assertThatThrownBy(() -> mode.run(reading)).isInstanceOfAny(SSLException.class,
                    mode.protocol().equals("TLSv1.2") ? SocketException.class : SSLException.class)
                    .hasMessageMatching("(?i).*(certificate|handshake_failure|reset|broken pipe).*");
            assertThatThrownBy(() -> mode.run(reading)).isInstanceOf(IOException.class);
        }
    }

    private static Peer asking(SocketMode mode, Certificate certificate, PeerCheck check) throws Exception {
        return Peer.tls(certificate, tls -> {
            tls.setEnabledProtocols(new String[] {mode.protocol()});
            tls.setNeedClientAuth(true);
        }, (tls, _) -> check.look(tls));
    }

    interface PeerCheck {
        void look(SSLSocket tls) throws Exception;
    }

    // Parameters

    @EveryMode(oncePerEngine = true)
    default void parameters_that_do_not_match_fail_the_handshake(SocketMode mode) throws Exception {
        record Forbidden(String what, Consumer<SSLParameters> client, Consumer<SSLParameters> server) {}

        for (Forbidden forbidden : List.of(
                new Forbidden("the groups differ",
                        client -> client.setNamedGroups(new String[] {"secp256r1"}),
                        server -> server.setNamedGroups(new String[] {"secp384r1"})),
                new Forbidden("the server's signature scheme is not accepted",
                        client -> client.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256"}),
                        _ -> {}),
                new Forbidden("the algorithms are not allowed",
                        client -> client.setAlgorithmConstraints(new NoEllipticCurves()),
                        server -> server.setNamedGroups(new String[] {"secp256r1"})),
                new Forbidden("the versions differ",
                        client -> client.setProtocols(new String[] {
                            mode.protocol().equals("TLSv1.2") ? "TLSv1.3" : "TLSv1.2"}),
                        _ -> {}),
                new Forbidden("the suite is of another version",
                        client -> {
                            client.setProtocols(new String[] {mode.protocol()});
                            client.setCipherSuites(new String[] {mode.protocol().equals("TLSv1.2")
                                    ? "TLS_AES_128_GCM_SHA256" : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
                        },
                        _ -> {}),
                new Forbidden("the host name differs",
                        client -> client.setEndpointIdentificationAlgorithm("LDAPS"),
                        _ -> {}))) {
            try (Peer peer = Peer.tls(Peer.CERTIFICATE, tls -> {
                tls.setEnabledProtocols(new String[] {mode.protocol()});
                set(tls, forbidden.server);
            }, (_, _) -> {}); SSLSocket socket = client(mode)) {
                set(socket, forbidden.client);
                socket.connect(new InetSocketAddress(
                        InetAddress.getByAddress("elsewhere.example", new byte[] {127, 0, 0, 1}),
                        peer.address().getPort()));
                assertThatThrownBy(() -> mode.run(() -> {
                    socket.startHandshake();
                })).as(forbidden.what).isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    @EveryMode(oncePerEngine = true)
    default void unknown_parameters_are_refused(SocketMode mode) throws Exception {
        try (SSLSocket socket = client(mode)) {
            String disabled = "TLS_RSA_WITH_NULL_SHA256"; // the JVM disables it
            assertThat(socket.getSupportedCipherSuites()).doesNotContain(disabled);
            for (Consumer<SSLParameters> nonsense : List.<Consumer<SSLParameters>>of(
                    parameters -> parameters.setCipherSuites(new String[] {"TLS_NONE_SUCH"}),
                    parameters -> parameters.setCipherSuites(new String[] {disabled}),
                    parameters -> parameters.setProtocols(new String[] {"TLSv9"}))) {
                SSLParameters before = socket.getSSLParameters();
                assertThatThrownBy(() -> set(socket, nonsense)).isInstanceOf(IllegalArgumentException.class);
                assertThat(socket.getSSLParameters().getCipherSuites()).isEqualTo(before.getCipherSuites());
            }
            assertThatThrownBy(() -> socket.setEnabledCipherSuites(new String[] {"TLS_NONE_SUCH"}))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.setEnabledProtocols(new String[] {"TLSv9"}))
                    .isInstanceOf(IllegalArgumentException.class);
            socket.setSSLParameters(socket.getSSLParameters()); // its own parameters are valid
        }
    }

    /** SunJSSE's engine limits its records to this size. BouncyCastle's does not, so the socket refuses the size. */
    @EveryMode(oncePerEngine = true)
    default void a_packet_size_is_kept_or_refused(SocketMode mode) throws Exception {
        if (!mode.overJdkEngine()) {
            try (SSLSocket socket = client(mode)) {
                assertThatThrownBy(() -> set(socket, parameters -> parameters.setMaximumPacketSize(1_000)))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("maximumPacketSize");
            }
            return;
        }
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            assertThat(tls.getInputStream().read(new byte[20_000])).isLessThan(1_000);
            tls.getInputStream().readAllBytes();
        }); SSLSocket socket = client(mode)) {
            set(socket, parameters -> parameters.setMaximumPacketSize(1_000));
            connect(mode, socket, peer);
            mode.run(() -> {
                socket.getOutputStream().write(random(10_000));
                socket.close();
            });
            peer.end();
        }
    }

    @EveryMode(oncePerEngine = true)
    default void connect_keeps_the_parameters(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = client(mode)) {
            NoEllipticCurves constraints = new NoEllipticCurves();
            set(socket, parameters -> {
                parameters.setApplicationProtocols(new String[] {"h2"});
                parameters.setServerNames(List.of(new SNIHostName("other.example")));
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setNamedGroups(new String[] {"secp384r1"});
                parameters.setSignatureSchemes(new String[] {"ecdsa_secp256r1_sha256"});
                parameters.setAlgorithmConstraints(constraints);
                parameters.setProtocols(new String[] {mode.protocol()});
                parameters.setUseCipherSuitesOrder(true);
            });
            socket.setEnableSessionCreation(false);
            socket.connect(peer.address());
            SSLParameters kept = socket.getSSLParameters();
            assertThat(kept.getApplicationProtocols()).containsExactly("h2");
            assertThat(kept.getServerNames()).containsExactly(new SNIHostName("other.example"));
            assertThat(kept.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
            assertThat(kept.getNamedGroups()).containsExactly("secp384r1");
            assertThat(kept.getSignatureSchemes()).containsExactly("ecdsa_secp256r1_sha256");
            assertThat(kept.getAlgorithmConstraints()).isSameAs(constraints);
            assertThat(kept.getProtocols()).containsExactly(mode.protocol());
            assertThat(kept.getUseCipherSuitesOrder()).isTrue();
            assertThat(socket.getEnableSessionCreation()).isFalse();
        }
    }

    final class NoEllipticCurves implements AlgorithmConstraints {

        @Override
        public boolean permits(Set<CryptoPrimitive> use, String algorithm, AlgorithmParameters parameters) {
            return !isElliptic(algorithm);
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> use, Key key) {
            return !isElliptic(key.getAlgorithm());
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> use, String algorithm, Key key, AlgorithmParameters parameters) {
            return !isElliptic(algorithm) && permits(use, key);
        }

        private static boolean isElliptic(String algorithm) {
            return algorithm.contains("EC") || algorithm.contains("sec") || algorithm.contains("ec");
        }
    }

    // Sessions

    /** In TLS 1.3 BouncyCastle's engine has no resumption. */
    @EveryMode(protocols = "TLSv1.2", oncePerEngine = true)
    default void a_session_is_resumed(SocketMode mode) throws Exception {
        SSLContext server = serverOf(mode, Peer.CERTIFICATE);
        SSLContext client = form().context(mode, Peer.CERTIFICATE);
        List<byte[]> sessions = new ArrayList<>();
        try (SSLServerSocket listening = (SSLServerSocket) server.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setEnabledProtocols(new String[] {mode.protocol()});
            Thread serving = Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 2; i++) {
                    try (SSLSocket tls = (SSLSocket) listening.accept()) {
                        tls.getOutputStream().write(HELLO);
                    } catch (IOException _) {
                        // The client then misses its bytes and fails.
                    }
                }
            });
            for (int i = 0; i < 2; i++) {
                try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                        .createSocket("localhost", listening.getLocalPort())) {
                    assertThat(readAll(mode, socket)).isEqualTo(HELLO);
                    sessions.add(socket.getSession().getId());
                }
            }
            serving.join();
        }
        assertThat(sessions.get(1)).isNotEmpty().isEqualTo(sessions.get(0));
    }

    /** In JSSE, a valid session is one that can be resumed. */
    @EveryMode(oncePerEngine = true)
    default void a_session_is_valid_if_the_engine_can_resume_it(SocketMode mode) throws Exception {
        boolean resumable = mode.overJdkEngine() || mode.protocol().equals("TLSv1.2");
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = connect(mode, peer)) {
            SSLSession session = socket.getSession();
            assertThat(session.isValid()).isEqualTo(resumable);
            assertThat(session.getId().length > 0).isEqualTo(resumable);
            assertThat(session.getSessionContext() != null).isEqualTo(resumable);
            assertThat(session.getProtocol()).isEqualTo(mode.protocol());
            assertThat(session.getPeerCertificates()).containsExactly(Peer.CERTIFICATE.certificate());
        }
    }

    /** The JDK's engine accepts a renegotiation, so it is not tested. */
    @EveryMode(protocols = "TLSv1.2", oncePerEngine = true)
    default void a_renegotiation_by_the_server_is_refused(SocketMode mode) throws Exception {
        if (mode.overJdkEngine()) {
            return;
        }
        AtomicInteger agreed = new AtomicInteger();
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            tls.addHandshakeCompletedListener(_ -> agreed.incrementAndGet());
            tls.startHandshake();
            assertThatThrownBy(() -> tls.getInputStream().read()).isInstanceOf(SSLException.class)
                    .hasMessageContaining("renegotiation");
        }); SSLSocket socket = connect(mode, peer)) {
            assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(IOException.class);
            peer.end();
            assertThat(agreed).hasValue(0);
        }
    }

    // Helpers

    /** Returns the context of a server over BouncyCastle's engine, which has cipher suites that the JDK's lacks. */
    private SSLContext serverOf(SocketMode mode, Certificate certificate) throws Exception {
        return context(mode.over(SocketMode.BOUNCYCASTLE), certificate.keyManagers(), null);
    }

    private static void set(SSLSocket socket, Consumer<SSLParameters> change) {
        SSLParameters parameters = socket.getSSLParameters();
        change.accept(parameters);
        socket.setSSLParameters(parameters);
    }
}
