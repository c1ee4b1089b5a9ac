package dev.cooperativetls.httpclients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cooperativetls.altprovider.AltProvider;
import dev.cooperativetls.altprovider.ChannelSocketFactory;
import dev.cooperativetls.fetch.Fetch;
import dev.cooperativetls.fetch.Tls;
import dev.cooperativetls.server.TlsServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Security;
import java.util.Arrays;
import java.util.Scanner;
import java.util.concurrent.FutureTask;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLParameters;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that the clients use the alternative provider, and that they report sockets that it cannot use. */
class ProviderTest {

    @AutoClose
    private static TlsServer server;
    private static Tls tls;

    @BeforeAll
    static void start_server() throws Exception {
        Security.insertProviderAt(new AltProvider(), 1);
        server = TlsServer.start();
        tls = Tls.trusting(server.caFile());
    }

    private static URI page() {
        return server.httpsUrl().resolve("/delay/0");
    }

    /** The pom runs all tests once for each form of the provider. */
    @Test
    void the_provider_has_the_form_that_the_pom_selects() throws ClassNotFoundException {
        String form = System.getProperty("form");
        assertThat(tls.context().getProvider().getInfo())
                .contains(form.equals("bare") ? "wrapped by nobody" : "wrapped by CooperativeWrapper");
        if (!form.equals("bare")) {
            var methods = Class.forName("dev.cooperativetls.wrapper.CooperativeConnection").getDeclaredMethods();
            assertThat(Arrays.stream(methods).anyMatch(method -> method.getName().equals("readInto")))
                    .isEqualTo(form.equals("patched"));
        }
    }

    @Test
    void the_defaults_of_the_libraries_use_the_provider() {
        assertThat(HttpsURLConnection.getDefaultSSLSocketFactory().getClass().getName())
                .startsWith("dev.cooperativetls.altprovider.");
        assertThat(new OkHttpClient.Builder().socketFactory(ChannelSocketFactory.getDefault()).build()
                .sslSocketFactory().getClass().getName()).startsWith("dev.cooperativetls.altprovider.");
        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.sslContext().getProvider()).isInstanceOf(AltProvider.class);
        }
    }

    /** The version is TLS 1.2, because only its sessions are kept. */
    @Test
    void the_session_of_java_net_http_comes_from_an_engine_of_the_provider() throws Exception {
        try (var client = HttpClient.newBuilder().sslContext(tls.context())
                .sslParameters(new SSLParameters(null, new String[] {"TLSv1.2"})).build()) {
            var session = client.send(HttpRequest.newBuilder(page()).build(), BodyHandlers.discarding())
                    .sslSession().orElseThrow();
            var kept = tls.context().getClientSessionContext();
            assertThat(kept.getClass().getName()).startsWith("org.bouncycastle.");
            assertThat(kept.getSession(session.getId())).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPCLIENT_5", "OKHTTP_1", "OKHTTP_2"})
    void a_plain_socket_without_a_channel_is_refused_with_advice(Setup setup) throws Exception {
        try (var session = setup.open(tls, false, null)) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.get(page()))
                    .withMessageContaining("ChannelSocketFactory");
        }
    }

    /** After an IOException the JDK would connect directly, "as a last resort". */
    @Test
    void url_connection_through_a_proxy_is_refused_and_does_not_bypass_the_proxy() throws Exception {
        try (var proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); var client = new UrlConnection()) {
            client.open(Setup.HTTP_URL_CONNECTION.settings(tls, false, null));
            Thread.ofPlatform().daemon().start(new FutureTask<>(() -> {
                var tunnel = proxy.accept();
                new Scanner(tunnel.getInputStream(), UTF_8).useDelimiter("\r\n\r\n").next();
                tunnel.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(UTF_8));
                return tunnel;
            }));
            var connection = client.configured(page().toURL().openConnection(new Proxy(Proxy.Type.HTTP,
                    new InetSocketAddress(proxy.getInetAddress(), proxy.getLocalPort()))));
            long served = server.inFlight().served();
            assertThatThrownBy(connection::getResponseCode).rootCause()
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ChannelSocketFactory");
            assertThat(server.inFlight().served()).isEqualTo(served);
        }
    }

    @Test
    void fetch_lists_the_clients_and_what_they_cannot_report() {
        assertThat(fetch("--list-clients").replaceAll(" +", " ")).isEqualTo("""
                client over TLS cannot report
                http-url-connection http/1.1 connected
                httpclient5 http/1.1 -
                java.net.http h2, http/1.1 connect start, connected, handshaken, sent
                okhttp h2, http/1.1 -
                """);
    }

    /** The last client is not a service, so fetch finds it by its class name, like a user's own client. */
    @ParameterizedTest
    @CsvSource({"http-url-connection, http/1.1", "httpclient5, http/1.1", "java.net.http, h2", "okhttp, h2",
        "dev.cooperativetls.httpclients.DefaultHttpClient5, http/1.1"})
    void fetch_uses_a_client_by_its_name(String client, String http) {
        assertThat(fetch("--client", client, "--channel-sockets", "--json", "--url-count", "1",
                "--url", page().toString(), "--ca-file", server.caFile().toString()))
                .contains("\"client\":\"" + client + "\"", "\"http\":\"" + http + "\"", "\"valid\":1,");
    }

    private static String fetch(String... arguments) {
        var out = new ByteArrayOutputStream();
        assertThat(Fetch.run(new PrintStream(out, true, UTF_8), System.err, arguments)).isZero();
        return out.toString(UTF_8);
    }
}
