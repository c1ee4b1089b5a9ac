package dev.cooperativetls.altprovider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cooperativetls.testkit.Peer;
import dev.cooperativetls.testkit.SecurityProviders;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.Provider;
import java.security.ProviderException;
import java.util.ServiceLoader;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AltProviderTest {

    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    @RegisterExtension
    private final SecurityProviders providers = new SecurityProviders();

    private static AltProvider provider(EngineSource engine) {
        System.setProperty(EngineSource.PROPERTY, engine.toString());
        return new AltProvider();
    }

    @AfterEach
    void forget() {
        System.clearProperty(ReadCall.PROPERTY);
        System.clearProperty(EngineSource.PROPERTY);
        System.clearProperty(CloseNotify.PROPERTY);
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE_PASSWORD);
    }

    @Test
    void it_is_a_service_on_the_class_path() {
        assertThat(ServiceLoader.load(Provider.class)).hasAtLeastOneElementOfType(AltProvider.class);
    }

    @Test
    void by_default_it_calls_read_into_over_bouncycastle_without_a_wrapper() {
        assertThat(new AltProvider().getInfo()).contains("bouncycastle", "readInto", "nobody");
    }

    @Test
    void three_system_properties_configure_it() {
        System.setProperty(ReadCall.PROPERTY, "read");
        System.setProperty(EngineSource.PROPERTY, "jdk");
        System.setProperty(CloseNotify.PROPERTY, "optional");
        assertThat(new AltProvider().getInfo())
                .contains("jdk engine", "streams call read,", "close_notify is optional");
    }

    @ParameterizedTest
    @ValueSource(strings = {ReadCall.PROPERTY, EngineSource.PROPERTY, CloseNotify.PROPERTY})
    void a_wrong_value_of_a_property_is_reported_by_each_context_with_the_right_values(String property) {
        System.setProperty(property, "READ");
        AltProvider provider = new AltProvider(); // an exception here would make the JDK use the next provider
        assertThat(provider.getInfo()).contains("not usable");
        for (String protocol : new String[] {"TLS", "Default"}) {
            assertThatThrownBy(() -> SSLContext.getInstance(protocol, provider)).isInstanceOf(ProviderException.class)
                    .hasMessageContaining("-D" + property + "=READ: use one of [");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1", "SSLv3"})
    void an_old_version_is_refused_and_no_other_provider_serves_it(String protocol) {
        assertThatThrownBy(() -> SSLContext.getInstance(protocol, new AltProvider()))
                .isInstanceOf(ProviderException.class).hasMessageContaining("ask for TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS", "SSL", "TLSv1.2", "TLSv1.3"})
    void each_protocols_context_makes_wrapped_sockets(String protocol) throws Exception {
        for (EngineSource engine : EngineSource.values()) {
            SSLContext context = SSLContext.getInstance(protocol, provider(engine));
            context.init(null, Peer.CERTIFICATE.trustManagers(), null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
                assertThat(socket).isInstanceOf(WrappedSocket.class);
                assertThat(socket.getEnabledProtocols()).isNotEmpty().isSubsetOf("TLSv1.2", "TLSv1.3");
                assertThat(socket.getUseClientMode()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_default_context_is_initialized_already(EngineSource engine) throws Exception {
        SSLContext context = SSLContext.getInstance("Default", provider(engine));
        assertThatThrownBy(() -> context.init(null, null, null)).isInstanceOf(KeyManagementException.class);
        try (Socket socket = context.getSocketFactory().createSocket()) {
            assertThat(socket).isInstanceOf(WrappedSocket.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_drives_the_engine_of_its_setting(EngineSource engine) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", provider(engine));
        context.init(null, null, null);
        assertThat(context.createSSLEngine().getClass().getName()).startsWith(switch (engine) {
            case BOUNCYCASTLE -> "org.bouncycastle.jsse.";
            case JDK -> "sun.security.ssl.";
        });
    }

    /** Without {@code createSocket()} the JDK layers TLS over a plain socket without a channel. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_factory_for_url_connections_must_make_unconnected_sockets(boolean unconnected) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new AltProvider());
        context.init(null, Peer.CERTIFICATE.trustManagers(), null);
        SSLSocketFactory factory = context.getSocketFactory();
        try (Peer peer = Peer.tls("TLSv1.3", (tls, _) -> tls.getOutputStream().write(
                "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".getBytes(US_ASCII)))) {
            var connection = (HttpsURLConnection) URI.create("https://localhost:" + peer.address().getPort())
                    .toURL().openConnection();
            connection.setSSLSocketFactory(unconnected ? new Complete(factory) : new UserFactory(factory));
            if (unconnected) {
                assertThat(connection.getResponseCode()).isEqualTo(204);
            } else {
                assertThatThrownBy(connection::getResponseCode).rootCause()
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("A client's TLS can only be layered over a socket with a channel:"
                                + " make the plain socket with ChannelSocketFactory or SocketChannel.open().socket()");
            }
        }
    }

    @Test
    void installed_first_it_serves_clients_that_name_no_provider_and_uses_their_trust_store(@TempDir Path folder)
            throws Exception {
        Path store = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(store)) {
            Peer.CERTIFICATE.trustStore().store(out, "changeit".toCharArray());
        }
        SSLContext before = SSLContext.getInstance("Default", "SunJSSE");
        providers.installFirst(new AltProvider());
        try (Peer peer = Peer.tls("TLSv1.3", (tls, _) -> tls.getOutputStream().write(7))) {
            System.setProperty(TRUST_STORE, store.toString());
            System.setProperty(TRUST_STORE_PASSWORD, "changeit");
            assertThat(SSLContext.getInstance("TLS").getProvider()).isInstanceOf(AltProvider.class);
            assertThat(SSLContext.getInstance("SSL").getProvider()).isInstanceOf(AltProvider.class);
            assertThat(SSLContext.getDefault().getProvider()).isInstanceOf(AltProvider.class);
            try (SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault()
                    .createSocket("localhost", peer.address().getPort())) {
                assertThat(socket).isInstanceOf(WrappedSocket.class);
                assertThat(socket.getInputStream().read()).isEqualTo(7);
            }
            peer.end();
        } finally {
            SSLContext.setDefault(before);
        }
    }

    /** A user's factory that overrides only the abstract methods of {@code SSLSocketFactory}. */
    private static class UserFactory extends SSLSocketFactory {

        final SSLSocketFactory factory;

        UserFactory(SSLSocketFactory factory) {
            this.factory = factory;
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
            return factory.createSocket(plain, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return factory.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return factory.createSocket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return factory.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return factory.createSocket(host, port, local, localPort);
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

    private static final class Complete extends UserFactory {

        Complete(SSLSocketFactory factory) {
            super(factory);
        }

        @Override
        public Socket createSocket() throws IOException {
            return factory.createSocket();
        }
    }
}
