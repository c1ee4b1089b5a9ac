package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.Peer;
import dev.cooperativetls.testkit.UserProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider in a user's JVM, installed first by a file of security properties. */
class InstallationTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    private List<String> installed;

    @BeforeEach
    void install() throws IOException {
        List<String> order = new ArrayList<>(List.of("AltTLS"));
        Arrays.stream(Security.getProviders()).map(Provider::getName).forEach(order::add);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            lines.add("security.provider.%s=%s".formatted(i + 1, order.get(i)));
        }
        Path properties = Files.write(folder.resolve("alt.security"), lines);
        installed = with(UserProcess.FLAGS, "-Djava.security.properties=" + properties);
    }

    @Test
    void it_is_first_and_no_other_provider_serves_old_versions() throws Exception {
        assertThat(UserProcess.run(installed, "providers").output()).containsSubsequence(
                "first: AltTLS", "Default: AltTLS", "TLS: AltTLS", "TLSv1.1: ProviderException", "ask for TLS");
    }

    /** The JDK skips a provider that cannot be constructed, and reports nothing. */
    @Test
    void with_a_wrong_setting_no_other_provider_is_used() throws Exception {
        List<String> wrong = with(installed, "-Dcooperativetls.engine=openssl");
        assertThat(UserProcess.run(wrong, "providers").output()).containsSubsequence("first: AltTLS",
                "Default: ProviderException, -Dcooperativetls.engine=openssl: use one of [bouncycastle, jdk]",
                "TLS: ProviderException");
    }

    @Test
    void the_default_sockets_use_the_trust_store_and_the_key_store_of_the_jvm() throws Exception {
        try (Peer peer = Peer.tls(Peer.CERTIFICATE, tls -> tls.setNeedClientAuth(true), (tls, _) -> {
            assertThat(tls.getSession().getPeerPrincipal()).hasToString("CN=localhost");
            tls.getOutputStream().write(7);
        })) {
            List<String> stores = with(installed,
                    "-Djavax.net.ssl.trustStore=" + stored("trust.p12", Peer.CERTIFICATE.trustStore()),
                    "-Djavax.net.ssl.trustStorePassword=changeit",
                    "-Djavax.net.ssl.keyStore=" + stored("keys.p12", Peer.CERTIFICATE.keyStore(PASSWORD)),
                    "-Djavax.net.ssl.keyStorePassword=changeit");
            assertThat(UserProcess.run(stores, "get", port(peer)).output()).isEqualTo("WrappedSocket read 7\n");
            peer.end();
        }
    }

    @Test
    void an_unreadable_key_store_is_reported_and_no_other_provider_is_used() throws Exception {
        List<String> missing = with(installed, "-Djavax.net.ssl.keyStore=" + folder.resolve("missing.p12"));
        assertThat(UserProcess.run(missing, "providers").output())
                .containsSubsequence("Default: ProviderException, no Default context of AltTLS", "missing.p12");
    }

    @Test
    void without_the_trust_store_the_server_is_not_trusted() throws Exception {
        try (Peer peer = Peer.tls("TLSv1.3", (tls, _) -> tls.getOutputStream().write(7))) {
            UserProcess run = UserProcess.run(installed, "get", port(peer));
            assertThat(run.exitCode()).isOne();
            assertThat(run.output()).isEmpty();
        }
    }

    @Test
    void a_jvm_that_cannot_poll_names_the_missing_flag_at_each_wait() throws Exception {
        String hint = "SocketException: the alternative provider polls file descriptors: start Java with"
                + " --add-exports java.base/sun.nio.ch=ALL-UNNAMED\n";
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<String> noExport = List.of("--enable-native-access=ALL-UNNAMED");
            assertThat(UserProcess.run(noExport, "waits", Integer.toString(deaf.getLocalPort())).output())
                    .isEqualTo(hint + hint);
        }
    }

    private static List<String> with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toList();
    }

    private static String port(Peer peer) {
        return Integer.toString(peer.address().getPort());
    }

    private Path stored(String name, KeyStore store) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }
}
