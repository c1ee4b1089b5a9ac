package dev.cooperativetls.altprovider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.Peer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Certificates, cipher suites and key agreements that need a translation between the JVM and BouncyCastle's engine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CryptographyTest {

    private static final byte[] HELLO = "hello".getBytes(US_ASCII);

    /** Keys that can sign with RSASSA-PSS: an RSA key for every scheme, and a key for this scheme only. */
    private static final Certificate RSA_CERTIFICATE = Certificate.withKey("RSA");
    private static final List<SignedByPss> SIGNED_BY_PSS =
            List.of(new SignedByPss("RSA"), new SignedByPss("RSASSA-PSS"));

    static final List<Object[]> PSS_WAYS = SIGNED_BY_PSS.stream()
            .flatMap(signed -> Stream.of(EngineSource.values()).flatMap(engine -> Stream.of("TLSv1.2", "TLSv1.3")
                    .map(protocol -> new Object[] {signed, engine, protocol})))
            .toList();

    @ParameterizedTest
    @FieldSource("PSS_WAYS")
    void a_server_certificate_that_is_signed_with_rsassa_pss_is_accepted(
            SignedByPss signed, EngineSource engine, String protocol) throws Exception {
        assertThat(signed.chain[0].getSigAlgName()).isEqualTo("RSASSA-PSS");
        try (Peer peer = hello(signed.server(), protocol);
                SSLSocket socket = socket(engine, signed.trustManagers(), _ -> {})) {
            socket.connect(peer.address());
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(HELLO);
            assertThat(socket.getSession().getPeerCertificates()).isEqualTo(signed.chain);
        }
    }

    @ParameterizedTest
    @FieldSource("PSS_WAYS")
    void a_certificate_that_is_signed_with_rsassa_pss_must_still_be_trusted_allowed_and_of_the_host(
            SignedByPss signed, EngineSource engine, String protocol) throws Exception {
        record Refused(TrustManager[] trust, String host, AlgorithmConstraints constraints) {}

        for (Refused refused : List.of(
                new Refused(Peer.CERTIFICATE.trustManagers(), "localhost", null),
                new Refused(signed.trustManagers(), "elsewhere.example", null),
                new Refused(signed.trustManagers(), "localhost", new NoRsa()))) {
            try (Peer peer = hello(signed.server(), protocol);
                    SSLSocket socket = socket(engine, refused.trust, parameters -> {
                        parameters.setEndpointIdentificationAlgorithm("HTTPS");
                        parameters.setAlgorithmConstraints(refused.constraints);
                    })) {
                socket.connect(new InetSocketAddress(
                        InetAddress.getByAddress(refused.host, new byte[] {127, 0, 0, 1}), peer.address().getPort()));
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    /**
     * The JDK disables these suites, so the server is BouncyCastle's. BouncyCastle's engine lists some of them although
     * the property {@code jdk.tls.disabledAlgorithms} disables their cipher, and does not negotiate them.
     */
    @Test
    void each_suite_without_forward_secrecy_that_is_listed_works_when_enabled() throws Exception {
        Certificate authority = Certificate.authority("authority");
        SSLContext server = EngineSource.BOUNCYCASTLE.context("TLS");
        server.init(authority.sign("RSA").keyManagers(server.getProvider()), null, null);
        List<String> suites = Stream.of(client(EngineSource.BOUNCYCASTLE, authority.trustManagers())
                .getSupportedSSLParameters().getCipherSuites())
                .filter(suite -> suite.matches("TLS_RSA_(?!.*(NULL|3DES)).*")).toList();
        assertThat(suites).hasSizeGreaterThan(10);
        for (String suite : suites) {
            try (Peer peer = Peer.tls(server, tls -> {
                tls.setEnabledProtocols(new String[] {"TLSv1.2"});
                tls.setEnabledCipherSuites(new String[] {suite});
            }, (tls, _) -> tls.getOutputStream().write(HELLO));
                    SSLSocket socket = socket(EngineSource.BOUNCYCASTLE, authority.trustManagers(),
                            parameters -> parameters.setCipherSuites(new String[] {suite}))) {
                socket.connect(peer.address());
                assertThatCode(() -> assertThat(socket.getInputStream().readAllBytes()).isEqualTo(HELLO))
                        .as(suite).doesNotThrowAnyException();
                assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
            }
        }
    }

    /** The JVM lacks these groups, so the server is BouncyCastle's. */
    @ParameterizedTest
    @CsvSource({"X25519MLKEM768, TLSv1.3", "brainpoolP256r1tls13, TLSv1.3", "brainpoolP256r1, TLSv1.2"})
    void a_key_agreement_that_the_jvm_lacks_works(String group, String protocol) throws Exception {
        SSLContext server = EngineSource.BOUNCYCASTLE.context("TLS");
        server.init(RSA_CERTIFICATE.keyManagers(server.getProvider()), null, null);
        Consumer<SSLParameters> only = parameters -> parameters.setNamedGroups(new String[] {group});
        try (Peer peer = Peer.tls(server, tls -> {
            tls.setEnabledProtocols(new String[] {protocol});
            set(tls, only);
        }, (tls, _) -> tls.getOutputStream().write(HELLO));
                SSLSocket socket = socket(EngineSource.BOUNCYCASTLE, RSA_CERTIFICATE.trustManagers(), only)) {
            socket.connect(peer.address());
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(HELLO);
        }
    }

    private static Peer hello(SSLContext server, String protocol) throws Exception {
        return Peer.tls(server, tls -> tls.setEnabledProtocols(new String[] {protocol}),
                (tls, _) -> tls.getOutputStream().write(HELLO));
    }

    private static SSLContext client(EngineSource engine, TrustManager[] trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new AltProvider(
                new ProviderSettings(ReadCall.READ_INTO, engine, CloseNotify.REQUIRED, Optional.empty())));
        context.init(null, trust, null);
        return context;
    }

    private static SSLSocket socket(EngineSource engine, TrustManager[] trust, Consumer<SSLParameters> change)
            throws Exception {
        SSLSocket socket = (SSLSocket) client(engine, trust).getSocketFactory().createSocket();
        set(socket, change);
        return socket;
    }

    private static void set(SSLSocket socket, Consumer<SSLParameters> change) {
        SSLParameters parameters = socket.getSSLParameters();
        change.accept(parameters);
        socket.setSSLParameters(parameters);
    }

    /** A certificate for localhost that an authority signed with RSASSA-PSS. The trust manager is the JVM's. */
    private static final class SignedByPss {

        private final String authorityAlgorithm;
        private final KeyPair keys;
        private final X509Certificate[] chain;

        SignedByPss(String authorityAlgorithm) {
            this.authorityAlgorithm = authorityAlgorithm;
            try {
                KeyPair authority = KeyPairGenerator.getInstance(authorityAlgorithm).generateKeyPair();
                keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
                chain = new X509Certificate[] {
                    signed(authority, "localhost", keys), signed(authority, "authority", authority)};
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static X509Certificate signed(KeyPair authority, String subject, KeyPair keys) throws Exception {
            Instant now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(new X500Principal("CN=authority"),
                    new BigInteger(64, new SecureRandom()), Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofHours(1))), new X500Principal("CN=" + subject), keys.getPublic());
            if (keys == authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            } else {
                builder.addExtension(Extension.subjectAlternativeName, false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, subject)));
            }
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withRSAandMGF1")
                            .setProvider(new BouncyCastleProvider()).build(authority.getPrivate())));
        }

        SSLContext server() throws Exception {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry("key", keys.getPrivate(), new char[0], chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", Security.getProvider("SunJSSE"));
            factory.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        }

        TrustManager[] trustManagers() throws Exception {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setCertificateEntry("authority", chain[1]);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", Security.getProvider("SunJSSE"));
            factory.init(store);
            return factory.getTrustManagers();
        }

        @Override
        public String toString() {
            return "signed by a key for " + authorityAlgorithm;
        }
    }

    private static final class NoRsa implements AlgorithmConstraints {

        @Override
        public boolean permits(Set<CryptoPrimitive> use, String algorithm, AlgorithmParameters parameters) {
            return !algorithm.contains("RSA");
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> use, Key key) {
            return permits(use, key.getAlgorithm(), (AlgorithmParameters) null);
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> use, String algorithm, Key key, AlgorithmParameters parameters) {
            return permits(use, algorithm, parameters) && permits(use, key);
        }
    }
}
