package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a bad page is invalid with a reason, that the other pages are valid, and that the counts add up. */
@Tag("long")
class FaultsTest {

    private static final int BAD = 3;
    private static final int PAGES = 6;

    /** The head of a handshake record, whose rest arrives byte by byte. */
    private static final byte[] RECORD_HEAD = {22, 3, 3, 0x3e, (byte) 0x80, 2};

    @TempDir
    private static Path folder;

    private static SSLContext tls;
    private static String caFile;

    private final CountDownLatch endOfTest = new CountDownLatch(1);

    @BeforeAll
    static void make_keys() throws Exception {
        var certificate = new Certificate();
        tls = certificate.serverContext();
        caFile = certificate.pemFile(folder).toString();
    }

    @AfterEach
    void stop_dripping() {
        endOfTest.countDown();
    }

    static Stream<Arguments> a_bad_response_makes_one_page_invalid() {
        String ok = "HTTP/1.1 200 OK\r\n";
        String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        String found = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n";
        String other = "{\"args\":{\"page\":\"5\"}}";
        return Stream.of("http", "https").flatMap(scheme -> Stream.of(
                argumentSet("empty response", scheme, "empty response", ""),
                argumentSet("garbage", scheme, "garbage", "garbage\r\n\r\n"),
                argumentSet("binary garbage", scheme, "", "\0\1\2\3\4\5\r\n\0\r\n"),
                argumentSet("nothing but line ends", scheme, "", "\r\n".repeat(100)),
                argumentSet("404", scheme, "HTTP 404", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("500", scheme, "HTTP 500", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"),
                argumentSet("500 cut short", scheme, "HTTP 500", "HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\noops"),
                argumentSet("304", scheme, "HTTP 304", "HTTP/1.1 304 Not Modified\r\n\r\n"),
                argumentSet("no length", scheme, "states no length", ok + "Connection: close\r\n\r\n{}"),
                argumentSet("body cut short", scheme, "body cut short", ok + "Content-Length: 9\r\n\r\n{"),
                argumentSet("no body", scheme, "body cut short", ok + "Content-Length: 9\r\n\r\n"),
                argumentSet("head cut short", scheme, "states no length", ok + "Content-Type: text/plain\r\n"),
                argumentSet("header cut short", scheme, "Invalid header", ok + "Content-Type: text/plain\r\nConte"),
                argumentSet("status cut short", scheme, "states no length", "HTTP/1.1 200 OK"),
                argumentSet("malformed chunk", scheme, "chunk", chunked + "zz\r\n{}\r\n"),
                argumentSet("chunk cut short", scheme, "body cut short", chunked + "ff\r\n{}"),
                argumentSet("no last chunk", scheme, "body cut short", chunked + "2\r\n{}\r\n"),
                argumentSet("header over the limit", scheme, "Maximum line length limit exceeded",
                        ok + "X: " + "x".repeat(100_000) + "\r\nContent-Length: 0\r\n\r\n"),
                argumentSet("headers over the limit", scheme, "Maximum header count exceeded",
                        ok + "X: x\r\n".repeat(2000) + "Content-Length: 0\r\n\r\n"),
                argumentSet("redirect loop", scheme, "Circular redirect",
                        found + "Location: ?page=3\r\nConnection: close\r\n\r\n"),
                argumentSet("redirect to nowhere", scheme, "HTTP 302", found + "\r\n"),
                argumentSet("another page", scheme, "answered for page 5", ok + "Content-Length: 21\r\n\r\n" + other)));
    }

    @ParameterizedTest
    @MethodSource
    void a_bad_response_makes_one_page_invalid(String scheme, String reason, String response) throws IOException {
        try (var server = oneBadPage(scheme, (socket, _) -> {
            RawServer.send(socket, response);
            socket.close();
        })) {
            assertOneBad(fetch(server, scheme), reason, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_reset_is_reported(String scheme) throws IOException {
        try (var server = oneBadPage(scheme, (_, plain) -> RawServer.reset(plain))) {
            assertOneBad(fetch(server, scheme), "reset", false);
        }
    }

    /** The JDK's TLS treats a missing close_notify as the end of the stream, but HTTP detects the short body. */
    @Test
    void a_body_that_ends_without_close_notify_is_reported() throws IOException {
        try (var server = oneBadPage("https", (socket, plain) -> {
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
            plain.close();
        })) {
            assertOneBad(fetch(server, "https"), "body cut short", false);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, cut short", "true, Connection reset"})
    void a_handshake_that_the_server_ends_is_reported(boolean reset, String reason) throws IOException {
        try (var server = oneBadConnection(plain -> {
            plain.getInputStream().read();
            if (reset) {
                RawServer.reset(plain);
            } else {
                plain.shutdownOutput();
                plain.getInputStream().readAllBytes();
            }
        })) {
            assertOneBad(fetch(server, "https"), reason, false);
        }
    }

    @Test
    void the_read_timeout_ends_a_handshake_in_which_nothing_arrives() throws IOException {
        try (var server = oneBadConnection(_ -> { })) {
            Page bad = assertOneBad(fetch(server, "https", "--read-timeout", "2"), "no byte came within 2 s", false);
            assertThat(bad.connected()).isNotNull();
            assertThat(bad.handshaken()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"http, 0", "https, 0", "http, 1", "https, 1"})
    void the_read_timeout_ends_a_wait_for_the_head_or_the_body(String scheme, int bytes) throws IOException {
        try (var server = oneBadPage(scheme, (socket, _) -> {
            if (bytes > 0) {
                RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
            }
        })) {
            Run run = fetch(server, scheme, "--read-timeout", "2");
            assertThat(assertOneBad(run, "no byte came within 2 s", false).bytes()).isEqualTo(bytes);
        }
    }

    /** Sockets count milliseconds, and zero would mean no timeout. */
    @Test
    void a_read_timeout_below_a_millisecond_is_rounded_up() throws IOException {
        try (var server = new RawServer((_, _) -> { })) {
            Run run = fetch(server, "http", "--read-timeout", "0.000000001").assertTotals(0, PAGES, false);
            assertThat(run.pages()).extracting(Page::problem).containsOnly("no byte came within 0.000000001 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    void the_timeout_ends_a_handshake_that_arrives_byte_by_byte(String threads) throws IOException {
        try (var server = oneBadConnection(plain -> {
            plain.getOutputStream().write(RECORD_HEAD);
            drip(plain);
        })) {
            Run run = fetch(server, "https", "--timeout", "6", "--read-timeout", "60", "--threads", threads);
            assertThat(assertOneBad(run, "not done within 6 s", true).handshaken()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void the_timeout_ends_a_body_that_arrives_byte_by_byte(String scheme) throws IOException {
        try (var server = oneBadPage(scheme, (socket, _) -> {
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
            drip(socket);
        })) {
            Run run = fetch(server, scheme, "--timeout", "6.50", "--read-timeout", "60");
            Page bad = assertOneBad(run, "not done within 6.5 s", true);
            assertThat(bad.page()).isEqualTo(BAD);
            assertThat(bad.status()).isEqualTo(200);
            assertThat(bad.bytes()).isBetween(1L, 9999L);
            assertThat(bad.firstByte()).isNotNull();
            assertThat(bad.end()).isNull();
            assertThat(run.end().elapsedSeconds()).isGreaterThanOrEqualTo(6.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"http, virtual", "http, platform", "https, virtual", "https, platform"})
    void the_timeout_ends_a_run_whose_server_sends_nothing(String scheme, String threads) throws IOException {
        try (var server = new RawServer((Socket _) -> { })) {
            Run run = Run.of("--url", server.url(scheme), "--url-count", "20", "--timeout", "1", "--threads", threads);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains(
                    "page ids: 20\n", "valid: 0\n", "invalid: 20\n", "  pages 0-19: not done within 1 s\n", "END\n");
        }
    }

    @Test
    void a_refused_connection_is_reported() throws IOException {
        Run run;
        try (var bound = new Socket()) { // does not listen; on a free port a page could connect to itself
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            run = Run.of("--url", "http://127.0.0.1:" + bound.getLocalPort(), "--url-count", "1000");
        }
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(
                "valid: 0\n", "invalid: 1000\n", "  pages 0-999: Connection refused\n");
    }

    @Test
    void an_unknown_host_is_reported() {
        Run run = Run.of("--url", "http://no-such-host.invalid/", "--url-count", "2", "--timeout", "60");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("invalid: 2\n", "pages 0-1: unknown host no-such-host.invalid");
    }

    @ParameterizedTest
    @CsvSource({"http, 1", "https, 1", "http, 1000", "https, 1000"})
    void one_or_all_of_a_thousand_pages_are_bad(String scheme, int bad) throws IOException {
        try (var server = server(scheme, (page, socket) -> {
            if (bad == 1000 || page == 500) {
                socket.close();
            } else {
                RawServer.valid(page, socket);
            }
        })) {
            Run run = fetch(1000, server, scheme).assertTotals(1000 - bad, bad, false);
            assertThat(run.pages()).filteredOn(page -> !page.valid()).extracting(Page::problem)
                    .containsOnly("empty response");
            assertThat(run.page(500).valid()).isFalse();
        }
    }

    /** When the server dies, the first half of the pages are done. The others wait or have not connected yet. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_server_that_dies_halfway_makes_the_other_half_invalid(String scheme) throws IOException {
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
            Run run = fetch(100, server, scheme).assertTotals(50, 50, false);
            assertThat(run.pages()).allSatisfy(page -> assertThat(page.valid()).isEqualTo(page.page() < 50));
        }
    }

    private void drip(Socket socket) throws IOException, InterruptedException {
        while (!endOfTest.await(50, TimeUnit.MILLISECONDS)) {
            socket.getOutputStream().write('{');
        }
    }

    private static RawServer server(String scheme, RawServer.Answer answer) throws IOException {
        return new RawServer(plain -> RawServer.serve(over(scheme, plain), answer));
    }

    private static Socket over(String scheme, Socket plain) throws IOException {
        return scheme.equals("https") ? JdkTlsServer.over(plain, tls) : plain;
    }

    @FunctionalInterface
    private interface BadAnswer {
        void to(Socket socket, Socket plain) throws IOException, InterruptedException;
    }

    private static RawServer oneBadPage(String scheme, BadAnswer bad) throws IOException {
        return new RawServer(plain -> RawServer.serve(over(scheme, plain), (page, socket) -> {
            if (page == BAD) {
                bad.to(socket, plain);
            } else {
                RawServer.valid(page, socket);
            }
        }));
    }

    /** Returns a TLS server with a fault in its first connection. */
    private static RawServer oneBadConnection(RawServer.Connection bad) throws IOException {
        var first = new AtomicBoolean(true);
        return new RawServer(plain -> {
            if (first.getAndSet(false)) {
                bad.with(plain);
            } else {
                RawServer.serve(over("https", plain), RawServer::valid);
            }
        });
    }

    private static Run fetch(RawServer server, String scheme, String... options) {
        return fetch(PAGES, server, scheme, options);
    }

    private static Run fetch(int count, RawServer server, String scheme, String... options) {
        return Run.of(Stream.concat(Stream.of("--url", server.url(scheme), "--ca-file", caFile, "--json",
                "--url-count", Integer.toString(count)), Stream.of(options)).toArray(String[]::new));
    }

    private static Page assertOneBad(Run run, String reason, boolean timedOut) {
        run.assertTotals(PAGES - 1, 1, timedOut);
        Page bad = run.pages().stream().filter(page -> !page.valid()).findFirst().orElseThrow();
        assertThat(bad.problem()).contains(reason).isNotBlank().hasLineCount(1);
        return bad;
    }
}
