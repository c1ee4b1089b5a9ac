package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.DeafServer;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that the program ends with its report at its timeout and at Ctrl-C, in each state of its pages. */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a full backlog that keeps connects waiting, and a signal")
class EndsTest {

    private static final int PAGES = 3;

    /** More bytes than the buffers between server and client can store. Once they are sent, the client reads. */
    private static final int MUCH = 12 << 20;

    /** The state of a page, and the steps that it has not reached yet. */
    enum State {
        CONNECTING(List.of(Page::connected, Page::handshaken, Page::sent, Page::firstByte, Page::end)),
        HANDSHAKING(List.of(Page::handshaken, Page::sent, Page::firstByte, Page::end)),
        WAITING(List.of(Page::firstByte, Page::end)),
        READING(List.of(Page::end));

        private final List<Function<Page, Double>> unreached;

        State(List<Function<Page, Double>> unreached) {
            this.unreached = unreached;
        }
    }

    /** A server that keeps its pages in one state, and counts the pages that have reached this state. */
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
    void it_ends_at_its_timeout(State state) throws Exception {
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
    void it_ends_at_ctrl_c(State state) throws Exception {
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
        return Run.process(List.of(), Stream.concat(
                Stream.of("--url", server.url(), "--url-count", Integer.toString(PAGES), "--ca-file", caFile, "--json"),
                Stream.of(more)).toArray(String[]::new));
    }

    private static void assertEnd(List<String> lines, State state, String problem, boolean timedOut) {
        var run = new Run(1, String.join("\n", lines), "").assertTotals(0, PAGES, timedOut);
        assertThat(run.pages()).allSatisfy(page -> {
            assertThat(page.problem()).isEqualTo(problem);
            assertThat(state.unreached).extracting(step -> step.apply(page)).containsOnlyNulls();
        });
        assertThat(run.events().getLast()).isEqualTo(run.end());
    }
}
