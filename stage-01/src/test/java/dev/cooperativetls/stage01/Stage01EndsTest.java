package dev.cooperativetls.stage01;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.server.TlsServer;
import dev.cooperativetls.verdict.PackagedJar;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that the program's timeouts and Ctrl-C work while the only carrier is blocked in {@code poll}. No virtual
 * thread can watch the clock then, so platform threads do it.
 */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class Stage01EndsTest {

    private static Path stage;
    @AutoClose
    private static TlsServer server;

    @BeforeAll
    static void start_server() throws IOException {
        stage = PackagedJar.of(Stage01EndsTest.class);
        server = TlsServer.start();
    }

    /** The server listens, so the client can connect, but it accepts no connection. */
    @Test
    void a_handshake_with_a_silent_server_ends_at_the_read_timeout() throws Exception {
        try (var mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertAborted(start("--no-warm-up", "--url", "https://localhost:" + mute.getLocalPort() + "/",
                    "--read-timeout", "1"), "no byte came within 1 s");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--read-timeout, no byte came within 2 s",
        "--timeout,      not done within 2 s",
    })
    void a_wait_for_the_answer_ends_at_its_timeout(String option, String reason) throws Exception {
        assertAborted(start("--url", server.httpsUrl() + "/delay/300", option, "2"), reason);
    }

    @Test
    void it_ends_at_ctrl_c() throws Exception {
        Process process = start("--url", server.httpsUrl() + "/delay/300", "--log-level", "debug");
        try (BufferedReader out = process.inputReader(); BufferedReader err = process.errorReader()) {
            while (!err.readLine().contains("page 0: handshake done")) {
                // After this line page 0 waits for the answer.
            }
            process.toHandle().destroy(); // Process.destroy would close its output as well
            assertThat(out.lines().collect(Collectors.joining("\n"))).contains(
                    "valid: 0\n", "invalid: 3\n", "  pages 0-2: interrupted\n").endsWith("\nEND");
        }
        assertThat(process.waitFor()).isEqualTo(128 + 15);
    }

    private static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", stage.toString(),
                "--channel-sockets", "--url-count", "3", "--ca-file", server.caFile().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(
                command.contains("--log-level") ? Redirect.PIPE : Redirect.INHERIT).start();
    }

    private static void assertAborted(Process process, String reason) throws IOException, InterruptedException {
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.lines().collect(Collectors.joining("\n"))).contains(
                    "waits in poll(2)", "connections wrapped by nobody", "valid: 0\n", "invalid: 3\n",
                    "  pages 0-2: " + reason + "\n").endsWith("\nEND");
        }
        assertThat(process.waitFor()).isEqualTo(1);
    }
}
