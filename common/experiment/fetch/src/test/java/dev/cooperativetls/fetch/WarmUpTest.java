package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.RawServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarmUpTest {

    /** The request lines, in the order in which the server received them. */
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch warmUpClosed = new CountDownLatch(1);

    /** Returns a server that handles requests for the root path without a query in this way. */
    private RawServer server(RawServer.Connection root) throws IOException {
        return new RawServer(socket -> {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            String request = in.readLine();
            requests.add(request);
            while (!in.readLine().isEmpty()) {
                // the rest of the head
            }
            if (request.startsWith("GET / ")) {
                root.with(socket);
            } else {
                RawServer.valid(Integer.parseInt(request.replaceAll(".*page=(\\d+).*", "$1")), socket);
            }
        });
    }

    private static Run fetch(RawServer server, String... options) {
        return Run.withWarmUp(Stream.concat(Stream.of("--url", server.url() + "delay/0?colour=red", "--url-count", "3",
                "--json"), Stream.of(options)).toArray(String[]::new)).assertTotals(3, 0, false);
    }

    private void waitForEnd(Socket socket) throws IOException {
        try (socket) {
            socket.getInputStream().readAllBytes();
        } finally {
            warmUpClosed.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    void the_root_path_is_requested_once_before_the_pages(String threads) throws IOException {
        try (var server = server(socket -> RawServer.valid(0, socket))) {
            fetch(server, "--threads", threads);

            assertThat(requests).hasSize(4).first().isEqualTo("GET / HTTP/1.1");
            assertThat(requests).filteredOn(request -> request.startsWith("GET / ")).hasSize(1);
        }
    }

    @Test
    void no_page_uses_the_connection_of_the_warm_up() throws Exception {
        try (var server = server(socket -> {
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); // the connection stays open
            waitForEnd(socket);
        })) {
            fetch(server);
            assertThat(warmUpClosed.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void without_a_warm_up_only_the_pages_are_requested() throws IOException {
        try (var server = server(socket -> RawServer.valid(0, socket))) {
            fetch(server, "--no-warm-up");

            assertThat(requests).hasSize(3).allMatch(request -> request.contains("page="));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage\r\n\r\n", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"})
    void a_warm_up_that_fails_is_not_reported(String answer) throws IOException {
        try (var server = server(socket -> {
            RawServer.send(socket, answer);
            socket.close();
        })) {
            assertThat(fetch(server).err()).isEmpty();
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    void a_warm_up_without_an_answer_ends_after_the_timeout_of_the_run(String threads) throws Exception {
        try (var server = server(this::waitForEnd)) {
            fetch(server, "--timeout", "6", "--threads", threads);

            assertThat(requests).hasSize(4).first().isEqualTo("GET / HTTP/1.1");
            assertThat(warmUpClosed.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void the_debug_log_shows_the_warm_up() throws Exception {
        try (var server = server(socket -> RawServer.valid(0, socket))) {
            var command = Run.command(List.of(), "--url", server.url(), "--log-level", "debug");
            command.remove("--no-warm-up");
            Process process = new ProcessBuilder(command).start();
            try (var err = process.errorReader()) {
                assertThat(err.readAllAsString()).containsPattern(
                        "\\[warm-up] DEBUG PageRun - warm-up: opening a connection to localhost:\\d+\\R");
            }
            assertThat(process.waitFor()).isZero();
        }
    }
}
