package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

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
    void all_pages_are_on_their_way_at_once(String threads) throws IOException {
        int count = 50;
        var held = new CountDownLatch(count);
        try (var server = new RawServer((page, socket) -> {
            held.countDown();
            try {
                held.await(); // no page is answered before all of them have asked
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            RawServer.valid(page, socket);
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", Integer.toString(count), "--threads", threads);
            assertThat(run.out()).contains("valid: 50\n");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void json_lines_tell_the_run() throws IOException {
        Set<Integer> asked = ConcurrentHashMap.newKeySet();
        try (var server = new RawServer((page, socket) -> {
            asked.add(page);
            RawServer.valid(page, socket);
        })) {
            Instant before = Instant.now();
            Run run = Run.of(
                    "--url", server.url(), "--url-count", "5", "--read-call", "read", "--carriers", "1", "--json");
            assertThat(run.exitCode()).isZero();
            assertThat(asked).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(System.getProperty("cooperativetls.readCall")).isEqualTo("read");

            List<JsonNode> events = run.events();
            assertThat(events).hasSize(7);
            JsonNode start = events.getFirst();
            assertThat(start.propertyNames()).containsExactly(
                    "event", "time", "url", "urlCount", "readCall", "carriers", "threads", "jdk", "provider");
            assertThat(start.get("url").asString()).isEqualTo(server.url());
            assertThat(start.get("urlCount").asInt()).isEqualTo(5);
            assertThat(start.get("readCall").asString()).isEqualTo("read");
            assertThat(start.get("threads").asString()).isEqualTo("virtual");
            assertThat(start.get("jdk").asString()).isEqualTo(Runtime.version().toString());
            assertThat(start.get("provider").get("name").asString()).isEqualTo("SunJSSE");
            assertThat(start.get("provider").get("from").asString()).isEqualTo("JDK");

            List<JsonNode> pages = run.events("page");
            assertThat(pages).extracting(page -> page.get("page").asInt()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            assertThat(pages).allSatisfy(page -> {
                assertThat(page.propertyNames()).containsExactly("event", "page", "status", "bytes", "problem", "start",
                        "connectStart", "connected", "handshaken", "sent", "firstByte", "end");
                assertThat(page.get("status").asInt()).isEqualTo(200);
                assertThat(page.get("bytes").asInt()).isEqualTo(23);
                assertThat(page.get("problem").isNull()).isTrue();
                assertThat(page.get("handshaken").isNull()).isTrue();
                assertThat(Stream.of("start", "connectStart", "connected", "sent", "firstByte", "end")
                        .map(step -> page.get(step).asDouble())).isSorted();
            });

            JsonNode end = events.getLast();
            assertThat(end.propertyNames()).containsExactly(
                    "event", "time", "elapsedSeconds", "cpuSeconds", "valid", "invalid", "timedOut", "socketClass");
            assertThat(end.get("valid").asInt()).isEqualTo(5);
            assertThat(end.get("invalid").asInt()).isZero();
            assertThat(end.get("socketClass").asString()).isEqualTo("sun.nio.ch.SocketAdaptor");
            assertThat(end.get("elapsedSeconds").asDouble()).isGreaterThanOrEqualTo(
                    pages.stream().mapToDouble(page -> page.get("end").asDouble()).max().orElseThrow());
            assertThat(Instant.parse(start.get("time").asString())).isBetween(before, Instant.now());
            assertThat(Instant.parse(end.get("time").asString())).isBetween(before, Instant.now());
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
            Run run = Run.of("--url", server.url(), "--url-count", "2", "--json");
            assertThat(run.events("page")).extracting(page -> page.get("bytes").asInt())
                    .containsExactly(length, length);
            assertThat(run.exitCode()).isZero();
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
    void each_page_has_a_connection_of_its_own() throws IOException {
        Set<Socket> connections = ConcurrentHashMap.newKeySet();
        try (var server = new RawServer((page, socket) -> {
            connections.add(socket);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); // and may be used again
        })) {
            Run run = Run.of("--url", server.url(), "--url-count", "30", "--json");
            assertThat(run.exitCode()).isZero();
            assertThat(run.events("page")).allSatisfy(page -> assertThat(page.get("connected").isNumber()).isTrue());
            assertThat(connections).hasSize(30);
        }
    }

    @Test
    void nothing_is_left_open_after_a_time_out() throws Exception {
        var gone = new CountDownLatch(5);
        try (var server = new RawServer((page, socket) -> {
            try {
                while (socket.getInputStream().read() >= 0) {
                    // until the client closes
                }
            } finally {
                gone.countDown();
            }
        })) {
            assertThat(Run.of("--url", server.url(), "--url-count", "5", "--timeout", "1").exitCode()).isEqualTo(1);
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void ids_are_told_as_ranges() {
        assertThat(TextReport.ranges(List.of(4))).isEqualTo("4");
        assertThat(TextReport.ranges(List.of(0, 1, 2, 5, 7, 8))).isEqualTo("0-2, 5, 7-8");
        assertThat(TextReport.ranges(IntStream.range(0, 1000).boxed().toList())).isEqualTo("0-999");
    }
}
