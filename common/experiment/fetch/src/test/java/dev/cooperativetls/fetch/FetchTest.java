package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTest {

    @Test
    void valid_pages_are_counted() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Run run = Run.of("--url", server.url() + "delay/1?colour=red", "--url-count", "3");
            assertThat(run.out()).matches("""
                    START
                    TLS provider: SunJSSE \\d+ \\(JDK\\): .+
                    page ids: 3
                    valid: 3
                    invalid: 0
                    total time: \\d+\\.\\d\\d s
                    END
                    """.replace("\n", "\\R"));
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform", "PLATFORM"})
    void all_pages_are_in_flight_at_once(String threads) throws IOException {
        int count = 50;
        var requested = new CountDownLatch(count);
        try (var server = new RawServer((page, socket) -> {
            requested.countDown();
            requested.await(); // no page is answered before all pages are requested
            RawServer.valid(page, socket);
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", Integer.toString(count), "--threads", threads);
            assertThat(run.out()).contains("valid: 50\n");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void json_events_describe_the_run() throws IOException {
        try (var server = new RawServer(RawServer::valid)) {
            Instant before = Instant.now();
            Run run = Run.of("--url", server.url(), "--url-count", "5", "--carriers", "1", "--json");
            run.assertTotals(5, 0, false);
            assertThat(run.events()).hasSize(7);

            Start start = run.start();
            assertThat(run.events().getFirst()).isEqualTo(start);
            assertThat(start).extracting(Start::url, Start::urlCount, Start::client, Start::threads, Start::jdk)
                    .containsExactly(server.url(), 5, "httpclient5", "virtual", Runtime.version().toString());
            assertThat(start.provider().name()).isEqualTo("SunJSSE");
            assertThat(start.provider().from()).isEqualTo("JDK");
            assertThat(start.jars()).isNull();
            assertThat(start.sslContexts()).isNull();

            assertThat(run.pages()).extracting(Page::page).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(run.pages()).allSatisfy(page -> {
                assertThat(page).extracting(Page::status, Page::bytes, Page::http, Page::problem, Page::handshaken)
                        .containsExactly(200, 23L, "http/1.1", null, null);
                assertThat(List.of(page.start(), page.connectStart(), page.connected(), page.sent(), page.firstByte(),
                        page.end(), run.end().elapsedSeconds())).isSorted();
            });

            assertThat(run.events().getLast()).isEqualTo(run.end());
            assertThat(List.of(before, start.time(), run.end().time(), Instant.now())).isSorted();
        }
    }

    @Test
    void a_body_of_any_kind_is_read_to_its_end() throws IOException {
        int length = 10_000_000;
        try (var server = new RawServer((page, socket) -> {
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            for (int i = 0; i < length / 100; i++) {
                RawServer.send(socket, "{".repeat(100));
            }
            socket.close();
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "2", "--json").assertTotals(2, 0, false);
            assertThat(run.pages()).extracting(Page::bytes).containsOnly((long) length);
        }
    }

    @Test
    void bodies_without_a_page_id_are_valid() throws IOException {
        String[] bodies = {"", "page 7", "{", "[]", "{\"args\": 1}", "{\"args\": {\"page\": [\"x\", \"5\"]}}",
            "[".repeat(2000)};
        try (var server = new RawServer((page, socket) -> {
            String body = bodies[page];
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            socket.close();
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", Integer.toString(bodies.length));
            assertThat(run.out()).contains("invalid: 0\n");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void a_redirect_is_followed() throws IOException {
        try (var server = new RawServer((page, socket) -> {
            if (page < 100) {
                RawServer.send(socket, "HTTP/1.1 302 Found\r\nLocation: /?page=" + (page + 100)
                        + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                socket.close();
            } else {
                RawServer.valid(page - 100, socket);
            }
        })) {
            assertThat(Run.of("--url", server.url(), "--url-count", "4").out()).contains("valid: 4\n");
        }
    }

    @Test
    void each_page_has_its_own_connection() throws IOException {
        Set<Socket> connections = ConcurrentHashMap.newKeySet();
        try (var server = new RawServer((page, socket) -> {
            connections.add(socket);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); // so the client may keep it
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "30", "--json").assertTotals(30, 0, false);
            assertThat(run.pages()).extracting(Page::connected).doesNotContainNull();
            assertThat(connections).hasSize(30);
        }
    }

    @Test
    void connections_are_closed_after_the_timeout() throws Exception {
        var closed = new CountDownLatch(5);
        try (var server = new RawServer((page, socket) -> {
            try {
                socket.getInputStream().readAllBytes(); // until the client closes
            } finally {
                closed.countDown();
            }
        })) {
            assertThat(Run.of("--url", server.url(), "--url-count", "5", "--timeout", "1").exitCode()).isEqualTo(1);
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void ids_are_printed_as_ranges() {
        assertThat(TextReport.ranges(List.of(4))).isEqualTo("4");
        assertThat(TextReport.ranges(List.of(0, 1, 2, 5, 7, 8))).isEqualTo("0-2, 5, 7-8");
        assertThat(TextReport.ranges(IntStream.range(0, 1000).boxed().toList())).isEqualTo("0-999");
    }
}
