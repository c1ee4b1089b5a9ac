package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Optional;
import java.util.ServiceLoader;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AltProviderTest {

    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    private static AltProvider provider(ReadCall readCall, EngineSource engine) {
        return new AltProvider(new ProviderSettings(readCall, engine, CloseNotify.REQUIRED, Optional.empty()));
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
    void it_lies_on_the_class_path_as_a_service() {
        assertThat(ServiceLoader.load(Provider.class)).hasAtLeastOneElementOfType(AltProvider.class);
    }

    @Test
    void unless_told_otherwise_it_calls_read_into_over_bouncycastle_and_nobody_wraps() {
        assertThat(new AltProvider().getInfo()).contains("bouncycastle", "readInto", "nobody");
    }

    @Test
    void three_system_properties_set_it() {
        System.setProperty(ReadCall.PROPERTY, "read");
        System.setProperty(EngineSource.PROPERTY, "jdk");
        System.setProperty(CloseNotify.PROPERTY, "optional");
        assertThat(new AltProvider().getInfo())
                .contains("jdk engine", "streams call read,", "close_notify is optional");
    }

    @ParameterizedTest
    @ValueSource(strings = {ReadCall.PROPERTY, EngineSource.PROPERTY, CloseNotify.PROPERTY})
    void a_property_with_another_value_is_refused_with_each_context_and_says_what_it_may_be(String property) {
        System.setProperty(property, "READ");
        AltProvider provider = new AltProvider(); // to throw here would have the JDK take the next one, in silence
        assertThat(provider.getInfo()).contains("of no use");
        for (String protocol : new String[] {"TLS", "Default"}) {
            assertThatThrownBy(() -> SSLContext.getInstance(protocol, provider)).isInstanceOf(ProviderException.class)
                    .hasMessageContaining("-D" + property + "=READ: use one of [");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1", "SSLv3"})
    void a_version_that_is_too_old_is_refused_and_not_left_to_another_provider(String protocol) {
        assertThatThrownBy(() -> SSLContext.getInstance(protocol, new AltProvider()))
                .isInstanceOf(ProviderException.class).hasMessageContaining("ask for TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS", "SSL", "TLSv1.2", "TLSv1.3"})
    void each_protocols_context_makes_our_sockets(String protocol) throws Exception {
        for (EngineSource engine : EngineSource.values()) {
            SSLContext context = SSLContext.getInstance(protocol,
                    provider(ReadCall.READ, engine));
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
        SSLContext context = SSLContext.getInstance("Default", provider(ReadCall.READ, engine));
        assertThatThrownBy(() -> context.init(null, null, null)).isInstanceOf(KeyManagementException.class);
        try (Socket socket = context.getSocketFactory().createSocket()) {
            assertThat(socket).isInstanceOf(WrappedSocket.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_drives_the_engine_it_was_told_to(EngineSource engine) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", provider(ReadCall.READ, engine));
        context.init(null, null, null);
        assertThat(context.createSSLEngine().getClass().getName()).startsWith(switch (engine) {
            case BOUNCYCASTLE -> "org.bouncycastle.jsse.";
            case JDK -> "sun.security.ssl.";
        });
    }

    /** The one test that touches what is global to the JVM; it leaves it as it was. */
    @Test
    void put_first_it_serves_clients_that_ask_for_no_provider_and_heeds_their_trust_store(@TempDir Path folder)
            throws Exception {
        Path store = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(store)) {
            Peer.CERTIFICATE.trustStore().store(out, "changeit".toCharArray());
        }
        SSLContext before = SSLContext.getInstance("Default", "SunJSSE");
        Security.insertProviderAt(provider(ReadCall.READ_INTO, EngineSource.BOUNCYCASTLE), 1);
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
            Security.removeProvider(AltProvider.NAME);
            SSLContext.setDefault(before);
        }
    }
}
