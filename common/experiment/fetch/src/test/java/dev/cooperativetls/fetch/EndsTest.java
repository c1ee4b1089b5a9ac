package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.DeafServer;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** However far its pages have come, the program ends when its time is up, and when it is told to, with its report. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a full backlog may refuse, and Ctrl-C may be no signal")
class EndsTest {

    private static final int PAGES = 3;

    /** More than all the buffers between the two hold: once it is sent, the client has begun to read. */
    private static final int MUCH = 32 << 20;

    /** How far a page has come, and what it has not reached yet. */
    enum State {
        CONNECTING("connected", "handshaken", "sent", "firstByte", "end"),
        HANDSHAKING("handshaken", "sent", "firstByte", "end"),
        WAITING("firstByte", "end"),
        READING("end");

        private final List<String> unreached;

        State(String... unreached) {
            this.unreached = Arrays.asList(unreached);
        }
    }

    /** A server that leaves its pages in a state for ever, and tells when they are there. */
    private record Stuck(String url, CountDownLatch reached, Closeable server) implements Closeable {

        static Stuck in(State state) throws IOException {
            var reached = new CountDownLatch(PAGES);
            if (state == State.CONNECTING) {
                var full = new DeafServer();
                return new Stuck(full.url("https"), new CountDownLatch(0), full::close);
            }
            var server = new RawServer(plain -> {
                if (state == State.HANDSHAKING) {
                    plain.getInputStream().read();
                    reached.countDown();
                    return;
                }
                RawServer.serve(JdkTlsServer.over(plain, tls), (_, socket) -> {
                    if (state == State.READING) {
                        RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + 2L * MUCH + "\r\n\r\n");
                        socket.getOutputStream().write(new byte[MUCH]);
                    }
                    reached.countDown();
                });
            });
            return new Stuck(server.url("https"), reached, server::close);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

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

    @ParameterizedTest
    @EnumSource
    void when_its_time_is_up_it_ends(State state) throws Exception {
        try (Stuck server = Stuck.in(state)) {
            Process process = start(server, "--timeout", "4");
            try (BufferedReader out = process.inputReader(UTF_8)) {
                assertEnd(out.lines().toList(), state, "not done within 4 s", true);
            }
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void at_ctrl_c_it_ends(State state) throws Exception {
        try (Stuck server = Stuck.in(state)) {
            Process process = start(server, "--timeout", "100", "--log-level", "debug");
            var lines = new ArrayList<String>();
            try (BufferedReader out = process.inputReader(UTF_8); BufferedReader err = process.errorReader(UTF_8)) {
                lines.add(out.readLine());
                for (int opening = 0; opening < PAGES;) {
                    if (err.readLine().contains(": opening a connection")) {
                        opening++;
                    }
                }
                server.reached().await();
                process.toHandle().destroy(); // Process.destroy would close its output as well
                out.lines().forEach(lines::add);
            }
            assertEnd(lines, state, "interrupted", false);
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        }
    }

    private static Process start(Stuck server, String... more) throws IOException {
        return ProcessTest.start(List.of(), Stream.concat(
                Stream.of("--url", server.url(), "--url-count", Integer.toString(PAGES), "--ca-file", caFile, "--json"),
                Stream.of(more)).toArray(String[]::new));
    }

    private static void assertEnd(List<String> lines, State state, String problem, boolean timedOut) {
        var run = new Run(0, String.join("\n", lines), "");
        assertThat(run.events("page")).hasSize(PAGES).allSatisfy(page -> {
            assertThat(page.get("problem").asString()).isEqualTo(problem);
            assertThat(state.unreached).allSatisfy(step -> assertThat(page.get(step).isNull()).as(step).isTrue());
        });
        JsonNode end = run.events().getLast();
        assertThat(end.get("event").asString()).isEqualTo("end");
        assertThat(end.get("valid").asInt()).isZero();
        assertThat(end.get("invalid").asInt()).isEqualTo(PAGES);
        assertThat(end.get("timedOut").asBoolean()).isEqualTo(timedOut);
    }
}
