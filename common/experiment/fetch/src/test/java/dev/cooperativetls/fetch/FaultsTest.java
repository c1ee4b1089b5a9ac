package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One bad page among good ones: it is invalid and says why, the others are untouched, and the counts add up. */
class FaultsTest {

    private static final int BAD = 3;

    @TempDir
    private static Path folder;

    private static SSLContext tls;
    private static String caFile;

    @BeforeAll
    static void make_keys() throws Exception {
        var certificate = new Certificate();
        tls = certificate.serverContext();
        caFile = certificate.pemFile(folder).toString();
    }

    static Stream<Arguments> a_bad_page_spoils_no_other() {
        return Stream.of("http", "https").flatMap(scheme -> Stream.of(
                fault(scheme, "empty response", "empty response", ""),
                fault(scheme, "garbage", "garbage", "garbage\r\n\r\n"),
                fault(scheme, "binary garbage", "", "\0\1\2\3\4\5\r\n\0\r\n"),
                fault(scheme, "nothing but line ends", "", "\r\n".repeat(100)),
                fault(scheme, "404", "HTTP 404", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
                fault(scheme, "500", "HTTP 500", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"),
                fault(scheme, "500 cut short", "HTTP 500", "HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\noops"),
                fault(scheme, "304", "HTTP 304", "HTTP/1.1 304 Not Modified\r\n\r\n"),
                fault(scheme, "body cut short", "body cut short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
                fault(scheme, "no body", "body cut short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
                fault(scheme, "head cut short", "response head cut short",
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConte"),
                fault(scheme, "status cut short", "cut short", "HTTP/1.1 200 OK"),
                fault(scheme, "malformed chunk", "chunk",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
                fault(scheme, "chunk cut short", "body cut short",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"),
                fault(scheme, "no last chunk", "body cut short",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
                fault(scheme, "header over the limit", "Maximum line length limit exceeded",
                        "HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\nContent-Length: 0\r\n\r\n"),
                fault(scheme, "headers over the limit", "Maximum header count exceeded",
                        "HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(2000) + "Content-Length: 0\r\n\r\n"),
                fault(scheme, "redirect loop", "Circular redirect",
                        "HTTP/1.1 302 Found\r\nLocation: ?page=3\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
                fault(scheme, "redirect to nowhere", "HTTP 302", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
                fault(scheme, "another page", "answered for page 5",
                        "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"args\":{\"page\":\"5\"}} ")));
    }

    private static Arguments fault(String scheme, String name, String reason, String response) {
        return argumentSet(name + ", " + scheme, scheme, reason, response);
    }

    @ParameterizedTest
    @MethodSource
    void a_bad_page_spoils_no_other(String scheme, String reason, String response) throws IOException {
        try (var server = server(scheme, (page, socket) -> {
            if (page == BAD) {
                RawServer.send(socket, response);
                socket.close();
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            assertOneBad(fetch(server, scheme, 6, "--json"), reason, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_reset_is_told_as_such(String scheme) throws IOException {
        try (var server = new RawServer(plain -> RawServer.serve(over(scheme, plain), (page, socket) -> {
            if (page == BAD) {
                RawServer.reset(plain);
            } else {
                RawServer.valid(page, socket);
            }
        }))) {
            assertOneBad(fetch(server, scheme, 6, "--json"), "reset", false);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_handshake_that_the_server_ends_is_told_as_such(boolean reset) throws IOException {
        var bad = new AtomicBoolean(true);
        try (var server = new RawServer(plain -> {
            if (!bad.getAndSet(false)) {
                RawServer.serve(over("https", plain), RawServer::valid);
                return;
            }
            plain.getInputStream().read();
            if (reset) {
                RawServer.reset(plain);
            } else {
                plain.shutdownOutput();
                plain.getInputStream().readAllBytes();
            }
        })) {
            assertThat(fetch(server, "https", 6).out()).contains("valid: 5\n", "invalid: 1\n")
                    .containsPattern(reset ? "page \\d: Connection reset" : "page \\d: cut short");
        }
    }

    /** The JDK's TLS takes that for the end of the stream; HTTP knows better. */
    @Test
    void a_body_cut_off_without_close_notify_is_told_as_such() throws IOException {
        try (var server = new RawServer(plain -> RawServer.serve(over("https", plain), (page, socket) -> {
            if (page == BAD) {
                RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
                plain.close();
            } else {
                RawServer.valid(page, socket);
            }
        }))) {
            assertOneBad(fetch(server, "https", 6, "--json"), "body cut short", false);
        }
    }

    @Test
    void a_page_that_never_ends_is_cut_at_the_time_out() throws IOException {
        try (var server = new RawServer((page, socket) -> {
            if (page == BAD) {
                RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "6", "--timeout", "4.50", "--json");
            assertOneBad(run, "not done within 4.5 s", true);
            JsonNode page = run.events("page").getLast();
            assertThat(page.get("status").asInt()).isEqualTo(200);
            assertThat(page.get("bytes").asInt()).isEqualTo(1);
            assertThat(page.get("firstByte").isNumber()).isTrue();
            assertThat(page.get("end").isNull()).isTrue();
            assertThat(run.events("end").getFirst().get("elapsedSeconds").asDouble()).isGreaterThanOrEqualTo(4.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"http, virtual", "http, platform", "https, virtual", "https, platform"})
    void a_server_that_says_nothing_is_cut_at_the_time_out(String scheme, String threads) throws IOException {
        try (var server = new RawServer((Socket _) -> { })) {
            Run run = Run.of("--url", server.url(scheme), "--url-count", "20", "--timeout", "1", "--threads", threads);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains(
                    "page ids: 20\n", "valid: 0\n", "invalid: 20\n", "  pages 0-19: not done within 1 s\n", "END\n");
        }
    }

    @Test
    void a_refused_connection_is_told_as_such() throws IOException {
        Run run;
        try (var bound = new Socket()) { // nobody listens there; a free port a page might get itself, and reach itself
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            run = Run.of("--url", "http://127.0.0.1:" + bound.getLocalPort(), "--url-count", "1000");
        }
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(
                "valid: 0\n", "invalid: 1000\n", "  pages 0-999: Connection refused\n");
    }

    @Test
    void an_unknown_host_is_told_as_such() {
        Run run = Run.of("--url", "http://no-such-host.invalid/", "--url-count", "2", "--timeout", "60");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("invalid: 2\n", "pages 0-1: unknown host no-such-host.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void one_bad_page_among_a_thousand_is_found(String scheme) throws IOException {
        try (var server = server(scheme, (page, socket) -> {
            if (page == 500) {
                socket.close();
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            Run run = fetch(server, scheme, 1000);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("valid: 999\n", "invalid: 1\n", "  page 500: empty response\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_thousand_bad_pages_are_all_told(String scheme) throws IOException {
        try (var server = server(scheme, (_, socket) -> socket.close())) {
            Run run = fetch(server, scheme, 1000);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("valid: 0\n", "invalid: 1000\n", "  pages 0-999: empty response\n");
        }
    }

    /** The pages of the first half have their answers by then; of the others some wait, and some have yet to come. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_server_that_dies_halfway_takes_the_rest_with_it(String scheme) throws IOException {
        var half = new CountDownLatch(50);
        try (var server = server(scheme, (page, socket) -> {
            if (page < 50) {
                RawServer.valid(page, socket);
                half.countDown();
            }
        })) {
            Thread.ofPlatform().daemon().start(() -> {
                try (server) {
                    half.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Run run = fetch(server, scheme, 100, "--json");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.events("page")).hasSize(100).allSatisfy(page ->
                    assertThat(page.get("problem").isNull()).isEqualTo(page.get("page").asInt() < 50));
            assertThat(run.events("end")).singleElement().satisfies(end -> {
                assertThat(end.get("valid").asInt()).isEqualTo(50);
                assertThat(end.get("invalid").asInt()).isEqualTo(50);
                assertThat(end.get("timedOut").asBoolean()).isFalse();
            });
        }
    }

    private static RawServer server(String scheme, RawServer.Answer answer) throws IOException {
        return new RawServer(plain -> RawServer.serve(over(scheme, plain), answer));
    }

    private static Socket over(String scheme, Socket plain) throws IOException {
        return scheme.equals("https") ? JdkTlsServer.over(plain, tls) : plain;
    }

    private static Run fetch(RawServer server, String scheme, int count, String... more) {
        return Run.of(Stream.concat(Stream.of("--url", server.url(scheme), "--url-count", Integer.toString(count),
                "--timeout", "300", "--ca-file", caFile), Stream.of(more)).toArray(String[]::new));
    }

    private static void assertOneBad(Run run, String reason, boolean timedOut) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.events("page"))
                .extracting(page -> page.get("page").asInt(), page -> page.get("problem").isNull())
                .containsExactlyInAnyOrder(
                        tuple(0, true), tuple(1, true), tuple(2, true),
                        tuple(BAD, false), tuple(4, true), tuple(5, true));
        assertThat(run.events("page")).filteredOn(page -> page.get("page").asInt() == BAD).singleElement()
                .extracting(page -> page.get("problem").asString(), STRING)
                .contains(reason).isNotBlank().hasLineCount(1);
        assertThat(run.events("end")).singleElement().satisfies(end -> {
            assertThat(end.get("valid").asInt()).isEqualTo(5);
            assertThat(end.get("invalid").asInt()).isEqualTo(1);
            assertThat(end.get("timedOut").asBoolean()).isEqualTo(timedOut);
        });
    }
}
