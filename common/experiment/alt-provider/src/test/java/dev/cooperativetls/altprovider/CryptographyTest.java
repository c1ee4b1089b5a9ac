package dev.cooperativetls.altprovider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.Peer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of certificates and key agreements that the JVM and BouncyCastle's engine name or support differently. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CryptographyTest {

    private static final byte[] HELLO = "hello".getBytes(US_ASCII);

    private static final Certificate RSA_CERTIFICATE = Certificate.withKey("RSA");
    private static final Certificate AUTHORITY = Certificate.authority("authority", "RSASSA-PSS");
    private static final Certificate SIGNED_WITH_PSS = AUTHORITY.signWithPss();

    @ParameterizedTest
    @CsvSource({"BOUNCYCASTLE, TLSv1.2", "BOUNCYCASTLE, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void a_certificate_that_is_signed_with_rsassa_pss_must_still_be_trusted_allowed_and_of_the_host(
            EngineSource engine, String protocol) throws Exception {
        record Refused(TrustManager[] trust, String host, AlgorithmConstraints constraints) {}

        for (Refused refused : List.of(
                new Refused(Peer.CERTIFICATE.trustManagers(), "localhost", null),
                new Refused(AUTHORITY.trustManagers(), "elsewhere.example", null),
                new Refused(AUTHORITY.trustManagers(), "localhost", new NoRsa()))) {
            try (Peer peer = Peer.tls(SIGNED_WITH_PSS,
                    tls -> tls.setEnabledProtocols(new String[] {protocol}), (_, _) -> {});
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

    private static SSLSocket socket(EngineSource engine, TrustManager[] trust, Consumer<SSLParameters> change)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new AltProvider(
                new ProviderSettings(ReadCall.READ_INTO, engine, CloseNotify.REQUIRED, Optional.empty())));
        context.init(null, trust, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        set(socket, change);
        return socket;
    }

    private static void set(SSLSocket socket, Consumer<SSLParameters> change) {
        SSLParameters parameters = socket.getSSLParameters();
        change.accept(parameters);
        socket.setSSLParameters(parameters);
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
