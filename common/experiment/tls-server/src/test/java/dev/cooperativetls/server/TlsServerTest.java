package dev.cooperativetls.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.http.Fault;
import dev.cooperativetls.testkit.SecurityProviders;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TlsServerTest {

    @AutoClose
    private static TlsServer server;
    @AutoClose
    private static HttpClient client;
    @RegisterExtension
    private final SecurityProviders providers = new SecurityProviders();

    @BeforeAll
    static void start() throws Exception {
        server = TlsServer.start();
        client = Client.trusting(server.caFile());
    }

    @Test
    void a_page_contains_its_arguments_and_its_url() throws Exception {
        var response = Client.get(client, server.httpsUrl(), "/delay/0.01?page=3&q=1&q=a%20b");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).isEqualTo(
                "{\"args\":{\"page\":\"3\",\"q\":[\"1\",\"a b\"]},\"url\":\"%s/delay/0.01?page=3&q=1&q=a%%20b\"}"
                        .formatted(server.httpsUrl()));
    }

    @Test
    void plain_http_answers_too() throws Exception {
        var response = Client.get(client, server.httpUrl(), "/delay/0");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Client.json(response).get("url").asString()).isEqualTo(server.httpUrl() + "/delay/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
    void each_name_of_this_machine_reaches_it_and_is_verified(String host) throws Exception {
        assumeTrue(!host.equals("[::1]") || NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null);
        var url = URI.create("https://%s:%s".formatted(host, server.httpsUrl().getPort()));

        assertThat(Client.get(client, url, "/delay/0").statusCode()).isEqualTo(200);
    }

    @Test
    void without_its_ca_it_is_not_trusted() {
        try (var stranger = HttpClient.newHttpClient()) {
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() -> Client.get(stranger, server.httpsUrl(), "/delay/0"));
        }
    }

    @Test
    void an_answer_does_not_arrive_before_its_delay() throws Exception {
        long start = System.nanoTime();
        Client.get(client, server.httpsUrl(), "/delay/0.25");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void any_method_is_answered(String method) throws Exception {
        var request = HttpRequest.newBuilder(server.httpsUrl().resolve("/delay/0"))
                .method(method, BodyPublishers.ofString("a body"))
                .build();

        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/delay", "/delay/", "/delay/-1", "/delay/soon", "/delay/3601", "/delay/1e3",
        "/__admin", "/__admin/mappings", "/__files/ca.pem", "/ca.pem"})
    void any_other_path_and_the_admin_interface_are_not_found(String path) throws Exception {
        assertThat(Client.get(client, server.httpsUrl(), path + "?run=not-found").statusCode()).isEqualTo(404);
        assertThat(server.inFlight("not-found").served()).isZero();
    }

    @Test
    void a_malformed_query_is_a_bad_request() throws Exception {
        // java.net.URI refuses such a query, so the test writes it to a socket.
        assertThat(Client.statusLinesAtOnce(server, 1, "/delay/0?page=%zz"))
                .containsExactly("HTTP/1.1 400 Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void both_current_versions_of_tls_are_served(String version) throws Exception {
        var only = new SSLParameters();
        only.setProtocols(new String[] {version});
        try (var oneVersion = HttpClient.newBuilder()
                .sslContext(Client.tls(server.caFile())).sslParameters(only).build()) {
            var response = Client.get(oneVersion, server.httpsUrl(), "/delay/0");

            assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void http_2_is_served_on_request_and_its_requests_are_counted() throws Exception {
        int requests = 200;
        try (var http2 = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2).sslContext(Client.tls(server.caFile())).build()) {
            var first = Client.get(http2, server.httpsUrl(), "/delay/0");
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);

            var request = HttpRequest.newBuilder(server.httpsUrl().resolve("/delay/3?run=http-2")).build();
            var responses = IntStream.range(0, requests)
                    .mapToObj(_ -> http2.sendAsync(request, BodyHandlers.discarding()))
                    .toList();

            assertThat(responses.stream().map(CompletableFuture::join).map(HttpResponse::statusCode)).containsOnly(200);
            assertThat(server.inFlight("http-2").peak()).isEqualTo(requests);
        }
    }

    @Test
    void one_request_after_another_has_a_peak_of_exactly_one() throws Exception {
        for (int request = 0; request < 2000; request++) {
            Client.get(client, server.httpsUrl(), "/delay/%s?run=in-turn".formatted(request % 20 == 0 ? "0.002" : "0"));
        }

        assertThat(server.inFlight("in-turn")).isEqualTo(new InFlightRequests(0, 1, 1, 2000));
    }

    @Test
    void fifty_concurrent_requests_have_a_peak_of_fifty() throws Exception {
        var statusLines = Client.statusLinesAtOnce(server, 50, "/delay/2?run=fifty");

        assertThat(statusLines).hasSize(50).containsOnly("HTTP/1.1 200 OK");
        var inFlight = server.inFlight("fifty");
        assertThat(inFlight.now()).isZero();
        assertThat(inFlight.peak()).isEqualTo(50);
        assertThat(inFlight.mean()).isBetween(1.0, 50.0);
        assertThat(inFlight.served()).isEqualTo(50);
    }

    @Test
    @Tag("long")
    void a_thousand_requests_are_in_flight_at_the_same_time() throws Exception {
        var statusLines = Client.statusLinesAtOnce(server, 1000, "/delay/5?run=thousand");

        assertThat(statusLines).hasSize(1000).containsOnly("HTTP/1.1 200 OK");
        assertThat(server.inFlight("thousand").peak()).isEqualTo(1000);
    }

    @Test
    void two_concurrent_runs_are_counted_separately() {
        var responses = Stream.of("three", "five", "three", "five", "three", "five", "five", "five")
                .map(run -> HttpRequest.newBuilder(server.httpsUrl().resolve("/delay/2?run=" + run)).build())
                .map(request -> client.sendAsync(request, BodyHandlers.discarding()))
                .toList();
        responses.forEach(CompletableFuture::join);

        assertThat(server.inFlight("three").peak()).isEqualTo(3);
        assertThat(server.inFlight("five").peak()).isEqualTo(5);
    }

    @Test
    void a_users_stub_has_priority_over_the_delay() throws Exception {
        var unavailable = server.wireMock().stubFor(
                get(urlPathEqualTo("/delay/0")).willReturn(aResponse().withStatus(503)));
        var reset = server.wireMock().stubFor(get(urlPathEqualTo("/reset"))
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        try {
            assertThat(Client.get(client, server.httpsUrl(), "/delay/0").statusCode()).isEqualTo(503);
            assertThat(Client.get(client, server.httpsUrl(), "/delay/0.0").statusCode()).isEqualTo(200);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Client.get(client, server.httpsUrl(), "/reset"));
        } finally {
            server.wireMock().removeStub(unavailable);
            server.wireMock().removeStub(reset);
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        int taken = server.httpsUrl().getPort();

        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> TlsServer.start(taken, 0))
                .withMessage("port %d is in use", taken);
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> TlsServer.start(0, taken))
                .withMessage("port %d is in use", taken);
    }

    @Test
    void only_the_owner_can_read_the_ca_file() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.caFile().getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.caFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void close_leaves_nothing_behind_and_may_be_called_twice() throws Exception {
        var before = Thread.getAllStackTraces().keySet();
        var other = TlsServer.start();
        // A thread that waits for an answer in an hour must end too.
        try (var socket = Client.tls(other.caFile()).getSocketFactory()
                .createSocket("localhost", other.httpsUrl().getPort())) {
            socket.getOutputStream()
                    .write("GET /delay/3600 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            // It is not enough that the request is in flight: the executor that WireMock leaves running must have it.
            while (newThreads(before).noneMatch(thread -> thread.getName().matches("pool-\\d+-thread-\\d+"))) {
                Thread.onSpinWait();
            }
        } finally {
            other.close();
            other.close();
        }

        assertThat(other.caFile().getParent()).doesNotExist();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> Client.get(client, other.httpsUrl(), "/delay/0"));
        for (Thread thread : newThreads(before).filter(thread -> !thread.isDaemon()).toList()) {
            assertThat(thread.join(Duration.ofSeconds(30))).as("%s ends", thread).isTrue();
        }
    }

    private static Stream<Thread> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread));
    }

    @Test
    void sun_jsse_serves_even_if_another_provider_is_installed_first() throws Exception {
        var intruder = new Intruder();
        providers.installFirst(intruder);
        try (var other = TlsServer.start(); var trusting = Client.trusting(other.caFile())) {
            assertThat(SSLContext.getInstance("TLS").getProvider()).isSameAs(intruder);

            assertThat(Client.get(trusting, other.httpsUrl(), "/delay/0").statusCode()).isEqualTo(200);
        }
    }

    /** A provider whose TLS has no engines and no server sockets, so a server that uses it fails. */
    private static final class Intruder extends Provider {

        private static final long serialVersionUID = 1;

        Intruder() {
            super("Intruder", "1", "creates every TLS context that is requested without a provider");
            put("SSLContext.TLS", ContextWithoutEngine.class.getName());
            put("SSLContext.Default", ContextWithoutEngine.class.getName());
        }
    }

    /**
     * A context without engines. It is public, because the provider creates it by name. It has a socket factory,
     * because WireMock's client for proxying needs one, although this server never uses that client.
     */
    public static final class ContextWithoutEngine extends SSLContextSpi {

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
            // Nothing to set.
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            try {
                var tls = SSLContext.getInstance("TLS", "SunJSSE");
                tls.init(null, null, null);
                return tls.getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw new UnsupportedOperationException();
        }
    }
}
