package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Step;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the choice of the HTTP client and of the settings that it receives. */
class ClientsTest {

    private static final int BAD = 3;

    /** The library that the example in the Javadoc of {@link PageClient} uses. */
    record AcmeClient(SSLContext tls) {

        AcmeResponse get(URI uri) throws IOException {
            var connection = (HttpURLConnection) uri.toURL().openConnection();
            return new AcmeResponse(connection.getResponseCode(), connection.getInputStream());
        }

        void close() {}
    }

    record AcmeResponse(int status, InputStream body) {}

    /** The example in the Javadoc of {@link PageClient} and in the README. */
    public static final class MyClient implements PageClient {
        private AcmeClient acme;

        public String name() {
            return "my-client";
        }
        public void open(ClientSettings settings) {
            acme = new AcmeClient(settings.tls().context());
        }
        public void get(URI uri, PageProgress page) throws IOException {
            AcmeResponse response = acme.get(uri);
            page.answered(response.status(), "http/1.1");
            page.read(response.body());
        }
        public Set<Step> unreported() {
            return EnumSet.of(Step.CONNECT_START, Step.CONNECTED, Step.HANDSHAKEN, Step.SENT);
        }
        public void close() {
            acme.close();
        }
    }

    /** A client that reports nothing, and keeps the settings of the last run. */
    public static class SilentClient implements PageClient {

        private static ClientSettings settings;

        @Override
        public String name() {
            return "silent";
        }

        @Override
        public void open(ClientSettings settings) {
            SilentClient.settings = settings;
        }

        @Override
        public void get(URI uri, PageProgress page) throws IOException {}

        @Override
        public Set<Step> unreported() {
            return EnumSet.allOf(Step.class);
        }

        @Override
        public void close() {}
    }

    /** HttpClient 5, except that the bad page ends with an error just before its request. Then the server answers. */
    public static final class FailingClient extends SilentClient {

        private static final CountDownLatch FAILED = new CountDownLatch(1);
        private final HttpClient5 client = new HttpClient5();

        @Override
        public void open(ClientSettings settings) {
            client.open(settings);
        }

        @Override
        public void get(URI uri, PageProgress page) throws IOException {
            if (page.id() != BAD) {
                client.get(uri, page);
                return;
            }
            try {
                client.get(uri, (PageProgress) Proxy.newProxyInstance(PageProgress.class.getClassLoader(),
                        new Class<?>[] {PageProgress.class}, (_, method, args) -> {
                            if (args != null && args[0] == Step.SENT) {
                                throw new UnsatisfiedLinkError("out of order");
                            }
                            return method.invoke(page, args);
                        }));
            } finally {
                FAILED.countDown();
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    public static final class UnusableClient extends SilentClient {

        @Override
        public void open(ClientSettings settings) {
            throw new UnsupportedOperationException("only on Tuesdays");
        }
    }

    static final class HiddenClient extends SilentClient {}

    private static Run fetch(Class<?> client, RawServer server, String... options) {
        return Run.of(Stream.concat(
                Stream.of("--client", client.getName(), "--url", server.url(), "--url-count", "6", "--json"),
                Stream.of(options)).toArray(String[]::new));
    }

    @Test
    void the_example_of_javadoc_and_readme_is_the_class_above() throws IOException {
        String tests = Files.readString(Path.of("src/test/java/dev/cooperativetls/fetch/ClientsTest.java"));
        String example = tests.substring(tests.indexOf("    public static final class MyClient"),
                        tests.indexOf("    /** A client that reports nothing"))
                .stripTrailing().stripIndent().replace("public static final", "public final");

        assertThat(Path.of("README.md")).content().contains(example);
        assertThat(Files.readString(Path.of("src/main/java/dev/cooperativetls/fetch/PageClient.java"))
                .replaceAll("(?m)^ \\* ?", "")).contains(example);
    }

    @Test
    void a_users_client_is_found_by_its_class_name() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Run run = fetch(MyClient.class, server).assertTotals(6, 0, false);

            assertThat(run.start().client()).isEqualTo(MyClient.class.getName());
            assertThat(run.end().socketClass()).isNull();
            assertThat(run.pages()).allSatisfy(page -> {
                assertThat(page).extracting(Page::connectStart, Page::connected, Page::handshaken, Page::sent)
                        .containsOnlyNulls();
                assertThat(page.firstByte()).isBetween(page.start(), page.end());
            });
        }
    }

    @Test
    void the_built_in_client_is_found_by_its_name_and_by_its_class_name() {
        assertThat(PageClients.create("httpclient5")).isInstanceOf(HttpClient5.class);
        assertThat(PageClients.create(HttpClient5.class.getName())).isInstanceOf(HttpClient5.class);
    }

    @Test
    void an_unknown_name_is_refused_with_the_names_that_exist() {
        Run run = Run.of("--url", "http://localhost:1/", "--client", "acme");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).startsWith("fetch: --client: no HTTP client 'acme': the class path has"
                + " httpclient5; or give the name of a class that implements dev.cooperativetls.fetch.PageClient");
    }

    @ParameterizedTest
    @ValueSource(classes = {String.class, PageClient.class, HiddenClient.class})
    void a_class_that_is_not_a_usable_client_is_refused(Class<?> type) throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Run run = fetch(type, server);

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).hasLineCount(1).contains(type.getName() + " is not a usable HTTP client: it must"
                    + " implement dev.cooperativetls.fetch.PageClient and have a public constructor without");
        }
    }

    @Test
    void a_client_that_cannot_be_opened_ends_the_program_with_its_message() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Run run = fetch(UnusableClient.class, server);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("fetch: the HTTP client " + UnusableClient.class.getName()
                    + " cannot be used: only on Tuesdays\n");
        }
    }

    @Test
    void the_list_shows_each_client_with_its_http_versions_and_what_it_cannot_report() {
        Run run = Run.of("--list-clients");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                client       over TLS  cannot report
                httpclient5  http/1.1  -
                """);
    }

    @Test
    void the_list_can_be_printed_as_events() {
        assertThat(Run.of("--list-clients", "--json").out())
                .isEqualTo("{\"event\":\"client\",\"name\":\"httpclient5\",\"http\":[\"http/1.1\"]}\n");
    }

    @Test
    void the_options_for_clients_are_in_its_settings() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            fetch(SilentClient.class, server);
            assertThat(SilentClient.settings)
                    .extracting("pages", "http1", "channelSockets", "readTimeout", "readTimeoutMillis")
                    .containsExactly(6, false, false, null, 180_000);
            try (Socket socket = SilentClient.settings.newSocket()) {
                assertThat(socket.getChannel()).isNull();
            }

            fetch(SilentClient.class, server, "--http1", "--channel-sockets", "--read-timeout", "2.5");
            assertThat(SilentClient.settings)
                    .extracting("pages", "http1", "channelSockets", "readTimeout", "readTimeoutMillis")
                    .containsExactly(6, true, true, Duration.ofMillis(2_500), 2_500);
            try (Socket socket = SilentClient.settings.newSocket()) {
                assertThat(socket.getChannel()).isNotNull();
            }
        }
    }

    @Test
    void a_page_without_a_reported_response_is_invalid() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Run run = fetch(SilentClient.class, server).assertTotals(0, 6, false);

            assertThat(run.pages()).extracting(Page::problem).containsOnly("the HTTP client reports no response");
        }
    }

    /** Without a conversion of the error, HttpClient would close all connections. */
    @Test
    void an_error_in_one_page_leaves_the_other_connections_open() throws IOException {
        try (var server = new RawServer((page, socket) -> {
            FailingClient.FAILED.await();
            RawServer.valid(page, socket);
        })) {
            Run run = fetch(FailingClient.class, server).assertTotals(5, 1, false);

            assertThat(run.page(BAD).problem()).isEqualTo("UnsatisfiedLinkError: out of order");
        }
    }
}
