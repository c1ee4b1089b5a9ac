package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.Peer;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Key managers of the JDK and of users under BouncyCastle's engine. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyManagerTest {

    private static final Certificate RSA_CERTIFICATE = Certificate.withKey("RSA");
    private static final char[] PASSWORD = "changeit".toCharArray();

    static Stream<Arguments> ways() {
        return Stream.of("TLSv1.2", "TLSv1.3").flatMap(protocol -> Stream.of(Peer.CERTIFICATE, RSA_CERTIFICATE)
                .map(certificate -> Arguments.of(protocol, certificate)));
    }

    /** The JDK's engine does not call such a key manager, so only BouncyCastle's engine is tested. */
    @ParameterizedTest
    @MethodSource("ways")
    void a_key_manager_without_engine_methods_is_called_too(String protocol, Certificate certificate) throws Exception {
        SSLContext context = context("TLS");
        context.init(new KeyManager[] {withoutEngineMethods(certificate.keyManagers()[0])},
                certificate.trustManagers(), null);
        assertThat(shownCertificate(context, protocol, certificate)).isEqualTo(certificate.certificate());
    }

    /** SunJSSE reads the properties once per JVM, so only BouncyCastle's engine is tested. */
    @ParameterizedTest
    @MethodSource("ways")
    void the_default_context_has_the_keys_of_the_jvms_key_store(String protocol, Certificate certificate,
            @TempDir Path folder) throws Exception {
        List<String> stores = List.of("javax.net.ssl.keyStore", "javax.net.ssl.trustStore");
        try {
            for (String property : stores) {
                Path file = folder.resolve(property);
                KeyStore store = property.endsWith("keyStore")
                        ? certificate.keyStore(PASSWORD) : certificate.trustStore();
                try (OutputStream out = Files.newOutputStream(file)) {
                    store.store(out, PASSWORD);
                }
                System.setProperty(property, file.toString());
                System.setProperty(property + "Password", "changeit");
            }
            assertThat(shownCertificate(context("Default"), protocol, certificate))
                    .isEqualTo(certificate.certificate());
        } finally {
            for (String property : stores) {
                System.clearProperty(property);
                System.clearProperty(property + "Password");
            }
        }
    }

    private static SSLContext context(String algorithm) throws Exception {
        return SSLContext.getInstance(algorithm, new AltProvider(new ProviderSettings(
                ReadCall.READ_INTO, EngineSource.BOUNCYCASTLE, CloseNotify.REQUIRED, Optional.empty())));
    }

    /** Returns the certificate that the client sends to a server that requests it. */
    private static Object shownCertificate(SSLContext client, String protocol, Certificate certificate)
            throws Exception {
        AtomicReference<Object> shown = new AtomicReference<>();
        try (Peer peer = Peer.tls(certificate, tls -> {
            tls.setEnabledProtocols(new String[] {protocol});
            tls.setNeedClientAuth(true);
        }, (tls, _) -> shown.set(tls.getSession().getPeerCertificates()[0]));
                SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket()) {
            socket.connect(peer.address());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            peer.end();
        }
        return shown.get();
    }

    /** Returns a key manager without the methods that have an engine as a parameter. */
    private static X509KeyManager withoutEngineMethods(KeyManager keys) {
        return (X509KeyManager) Proxy.newProxyInstance(KeyManagerTest.class.getClassLoader(),
                new Class<?>[] {X509KeyManager.class}, (_, method, arguments) -> method.invoke(keys, arguments));
    }
}
