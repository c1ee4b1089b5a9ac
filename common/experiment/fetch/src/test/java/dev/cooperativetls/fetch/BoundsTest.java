package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.DeafServer;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A page that is beyond a bound is cut there, long before the run's time is up; the others are untouched. */
class BoundsTest {

    private static final int BAD = 3;

    /** The head of a handshake record, of which the rest is to come. */
    private static final byte[] RECORD = {22, 3, 3, 0x3e, (byte) 0x80, 2};

    @TempDir
    private static Path folder;

    private static SSLContext tls;
    private static String caFile;

    /** Ends what drips. */
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void make_keys() throws Exception {
        var certificate = new Certificate();
        tls = certificate.serverContext();
        caFile = certificate.pemFile(folder).toString();
    }

    @AfterEach
    void stop_dripping() {
        over.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a full backlog may refuse")
    void a_page_that_is_not_connected_in_time_is_cut(String threads) throws Exception {
        try (var server = new DeafServer()) {
            Run run = fetch(server.url("http"), "--connect-timeout", "0.5", "--threads", threads);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.events("page")).hasSize(6).allSatisfy(page -> {
                assertThat(page.get("problem").asString()).isEqualTo("not connected within 0.5 s");
                assertThat(page.get("connectStart").isNumber()).isTrue();
                assertThat(page.get("connected").isNull()).isTrue();
                assertThat(page.get("end").asDouble()).isGreaterThanOrEqualTo(0.5);
            });
            assertTotals(run, 0, 6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    void a_handshake_that_drips_is_cut_as_a_whole(String threads) throws IOException {
        try (var server = oneBadConnection(plain -> {
            plain.getOutputStream().write(RECORD);
            drip(plain);
        })) {
            Run run = fetch(server.url("https"),
                    "--handshake-timeout", "2", "--read-timeout", "60", "--threads", threads);

            JsonNode bad = assertOneBad(run, "handshake not done within 2 s");
            assertThat(bad.get("connected").isNumber()).isTrue();
            assertThat(bad.get("handshaken").isNull()).isTrue();
        }
    }

    @Test
    void a_handshake_in_which_nothing_comes_is_cut() throws IOException {
        try (var server = oneBadConnection(_ -> { })) {
            assertOneBad(fetch(server.url("https"), "--handshake-timeout", "2"), "handshake not done within 2 s");
        }
        try (var server = oneBadConnection(_ -> { })) {
            assertOneBad(fetch(server.url("https"), "--read-timeout", "2"), "no byte came within 2 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_body_that_drips_is_cut_as_a_whole(String scheme) throws IOException {
        try (var server = oneBadPage(scheme, socket -> {
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
            drip(socket);
        })) {
            Run run = fetch(server.url(scheme), "--page-timeout", "2", "--read-timeout", "60");

            JsonNode bad = assertOneBad(run, "page not done within 2 s");
            assertThat(bad.get("page").asInt()).isEqualTo(BAD);
            assertThat(bad.get("status").asInt()).isEqualTo(200);
            assertThat(bad.get("bytes").asInt()).isBetween(1, 9999);
            assertThat(bad.get("end").asDouble() - bad.get("start").asDouble()).isGreaterThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_wait_for_the_answer_is_cut(String scheme) throws IOException {
        try (var server = oneBadPage(scheme, _ -> { })) {
            assertOneBad(fetch(server.url(scheme), "--read-timeout", "2"), "no byte came within 2 s");
            assertOneBad(fetch(server.url(scheme), "--page-timeout", "2"), "page not done within 2 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_wait_within_the_body_is_cut(String scheme) throws IOException {
        try (var server = oneBadPage(scheme,
                socket -> RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"))) {
            assertOneBad(fetch(server.url(scheme), "--read-timeout", "2"), "no byte came within 2 s");
        }
    }

    /** Sockets count milliseconds, and none at all would be no bound. */
    @Test
    void a_wait_of_less_than_a_millisecond_is_one_all_the_same() throws IOException {
        try (var server = new RawServer((_, _) -> { })) {
            Run run = fetch(server.url("http"), "--read-timeout", "0.000000001");

            assertTotals(run, 0, 6);
            assertThat(run.events("page")).allSatisfy(page ->
                    assertThat(page.get("problem").asString()).isEqualTo("no byte came within 0.000000001 s"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void within_all_its_bounds_a_page_is_valid(String scheme) throws IOException {
        try (var server = oneBadPage(scheme, socket -> RawServer.valid(BAD, socket))) {
            Run run = fetch(server.url(scheme), "--connect-timeout", "60", "--handshake-timeout", "60",
                    "--read-timeout", "60", "--page-timeout", "60");

            assertThat(run.exitCode()).isZero();
            assertTotals(run, 6, 0);
        }
    }

    @Test
    void what_is_cut_is_closed() throws Exception {
        var gone = new CountDownLatch(1000);
        try (var server = new RawServer((_, socket) -> {
            try (socket) {
                while (socket.getInputStream().read() >= 0) {
                    // until the client has gone
                }
            } finally {
                gone.countDown();
            }
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "1000", "--page-timeout", "5", "--timeout", "300");

            assertThat(run.out()).contains(
                    "valid: 0\n", "invalid: 1000\n", "  pages 0-999: page not done within 5 s\n");
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void drip(Socket socket) throws IOException {
        try {
            while (!over.await(50, TimeUnit.MILLISECONDS)) {
                socket.getOutputStream().write('{');
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Over TLS, and the first connection to come is treated as told. */
    private static RawServer oneBadConnection(RawServer.Connection bad) throws IOException {
        var first = new AtomicBoolean(true);
        return new RawServer(plain -> {
            if (first.getAndSet(false)) {
                bad.with(plain);
            } else {
                RawServer.serve(JdkTlsServer.over(plain, tls), RawServer::valid);
            }
        });
    }

    private static RawServer oneBadPage(String scheme, RawServer.Connection bad) throws IOException {
        return new RawServer(plain -> RawServer.serve(scheme.equals("https") ? JdkTlsServer.over(plain, tls) : plain,
                (page, socket) -> {
                    if (page == BAD) {
                        bad.with(socket);
                    } else {
                        RawServer.valid(page, socket);
                    }
                }));
    }

    private static Run fetch(String url, String... bounds) {
        return Run.of(Stream.concat(
                Stream.of("--url", url, "--url-count", "6", "--timeout", "100", "--ca-file", caFile, "--json"),
                Stream.of(bounds)).toArray(String[]::new));
    }

    private static JsonNode assertOneBad(Run run, String reason) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertTotals(run, 5, 1);
        List<JsonNode> bad = run.events("page").stream().filter(page -> !page.get("problem").isNull()).toList();
        assertThat(bad).singleElement()
                .satisfies(page -> assertThat(page.get("problem").asString()).isEqualTo(reason));
        return bad.getFirst();
    }

    private static void assertTotals(Run run, int valid, int invalid) {
        assertThat(run.events("page")).hasSize(valid + invalid);
        assertThat(run.events("end")).singleElement().satisfies(end -> {
            assertThat(end.get("valid").asInt()).isEqualTo(valid);
            assertThat(end.get("invalid").asInt()).isEqualTo(invalid);
            assertThat(end.get("timedOut").asBoolean()).isFalse();
        });
    }
}
