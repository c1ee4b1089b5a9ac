package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.testkit.RawServer;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the program in a separate JVM. */
@Tag("long")
class ProcessTest {

    @Test
    void the_exit_code_is_that_of_the_process() throws Exception {
        try (var server = new RawServer(RawServer::valid)) {
            var process = Run.process(List.of(), "--url", server.url(), "--url-count", "3", "--carriers", "2");
            assertThat(process.waitFor()).isZero();
        }
        assertThat(Run.process(List.of(), "--url", "nowhere").waitFor()).isEqualTo(2);
    }

    @Test
    void debug_logs_are_lines_on_standard_error() throws Exception {
        try (var server = new RawServer(RawServer::valid)) {
            Process process = Run.process(List.of(), "--url", server.url(), "--url-count", "1", "--log-level", "debug");
            String time = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}";
            String port = server.url().replaceAll("\\D", "");
            try (BufferedReader err = process.errorReader(UTF_8)) {
                assertThat(err.lines().collect(Collectors.joining("\n"))).matches("""
                        %1$s \\[page-0] DEBUG PageRun - page 0: opening a connection to localhost:%2$s
                        %1$s \\[page-0] DEBUG PageRun - page 0: 200 after \\d+\\.\\d\\d s, 23 bytes"""
                        .formatted(time, port));
            }
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows ends the process without a signal")
    void ctrl_c_reports_the_pages_so_far() throws Exception {
        var closed = new CountDownLatch(3);
        try (var server = new RawServer((page, socket) -> {
            if (page < 2) {
                RawServer.valid(page, socket);
                return;
            }
            try {
                socket.getInputStream().read();
            } finally {
                closed.countDown();
            }
        })) {
            Process process = Run.process(List.of(), "--url", server.url(), "--url-count", "5", "--json");
            var lines = new ArrayList<String>();
            try (BufferedReader out = process.inputReader(UTF_8)) {
                while (lines.size() < 3) { // the start and two pages
                    lines.add(out.readLine());
                }
                process.toHandle().destroy(); // Process.destroy would close its output as well
                out.lines().forEach(lines::add);
            }
            Run run = new Run(1, String.join("\n", lines), "").assertTotals(2, 3, false);
            assertThat(run.pages().subList(2, 5)).extracting(Page::problem).containsOnly("interrupted");
            assertThat(process.waitFor()).isEqualTo(128 + 15);
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The server answers no page before one page has failed to get a descriptor. */
    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no such limit")
    void pages_without_a_file_descriptor_report_the_reason(String threads) throws Exception {
        var exhausted = new CountDownLatch(1);
        try (var server = new RawServer((page, socket) -> {
            exhausted.await();
            RawServer.valid(page, socket);
        })) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 64; exec \"$@\"", "sh"));
            command.addAll(Run.command(List.of(),
                    "--url", server.url(), "--url-count", "300", "--threads", threads, "--json", "--timeout", "60"));
            Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            var lines = new ArrayList<String>();
            try (BufferedReader out = process.inputReader(UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    lines.add(line);
                    if (line.contains("Too many open files")) {
                        exhausted.countDown();
                    }
                }
            }
            assertThat(process.waitFor()).isEqualTo(1);
            var run = new Run(1, String.join("\n", lines), "");
            int valid = run.end().valid();
            assertThat(valid).isPositive();
            run.assertTotals(valid, 300 - valid, false);
            assertThat(run.pages()).extracting(Page::problem)
                    .containsOnly(null, "Too many open files; allow more with ulimit -n");
        }
    }
}
