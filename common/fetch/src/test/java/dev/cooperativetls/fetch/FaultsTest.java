package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** One bad page among good ones: it is invalid and says why, the others are untouched, and the counts add up. */
class FaultsTest {

    private static final int BAD = 3;

    static Stream<Arguments> a_bad_page_spoils_no_other() {
        return Stream.of(
                fault("empty response", "empty response", ""),
                fault("garbage", "garbage", "garbage\r\n\r\n"),
                fault("binary garbage", "", "\0\1\2\3\4\5\r\n\0\r\n"),
                fault("nothing but line ends", "", "\r\n".repeat(100)),
                fault("404", "HTTP 404", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
                fault("500", "HTTP 500", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"),
                fault("500 cut short", "HTTP 500", "HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\noops"),
                fault("304", "HTTP 304", "HTTP/1.1 304 Not Modified\r\n\r\n"),
                fault("body cut short", "body cut short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
                fault("no body", "body cut short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
                fault("head cut short", "response head cut short",
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConte"),
                fault("status cut short", "cut short", "HTTP/1.1 200 OK"),
                fault("malformed chunk", "chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
                fault("chunk cut short", "body cut short",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"),
                fault("no last chunk", "body cut short",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
                fault("header over the limit", "Maximum line length limit exceeded",
                        "HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\nContent-Length: 0\r\n\r\n"),
                fault("headers over the limit", "Maximum header count exceeded",
                        "HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(2000) + "Content-Length: 0\r\n\r\n"),
                fault("redirect loop", "Circular redirect",
                        "HTTP/1.1 302 Found\r\nLocation: ?page=3\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
                fault("redirect to nowhere", "HTTP 302", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
                fault("another page", "answered for page 5",
                        "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"args\":{\"page\":\"5\"}} "));
    }

    private static Arguments fault(String name, String reason, String response) {
        return argumentSet(name, reason, response);
    }

    @ParameterizedTest
    @MethodSource
    void a_bad_page_spoils_no_other(String reason, String response) throws IOException {
        try (var server = new RawServer((page, socket) -> {
            if (page == BAD) {
                RawServer.send(socket, response);
                socket.close();
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "6", "--timeout", "60", "--json");
            assertOneBad(run, reason, false);
        }
    }

    @Test
    void a_reset_is_told_as_such() throws IOException {
        try (var server = new RawServer((page, socket) -> {
            if (page == BAD) {
                socket.setSoLinger(true, 0);
                socket.close();
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "6", "--timeout", "60", "--json");
            assertOneBad(run, "reset", false);
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
    @MethodSource("threads")
    void a_server_that_says_nothing_is_cut_at_the_time_out(String threads) throws IOException {
        try (var server = new RawServer((_, _) -> { })) {
            Run run = Run.of("--url", server.url(), "--url-count", "20", "--timeout", "1", "--threads", threads);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains(
                    "page ids: 20\n", "valid: 0\n", "invalid: 20\n", "  pages 0-19: not done within 1 s\n", "END\n");
        }
    }

    static Stream<String> threads() {
        return Stream.of("virtual", "platform");
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

    @Test
    void one_bad_page_among_a_thousand_is_found() throws IOException {
        try (var server = new RawServer((page, socket) -> {
            if (page == 500) {
                socket.close();
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "1000", "--timeout", "100");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("valid: 999\n", "invalid: 1\n", "  page 500: empty response\n");
        }
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
