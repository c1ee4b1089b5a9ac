package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alone, since the others' temporary files come and go. */
@Isolated
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("long")
class CtrlCIT {

    /** Told to end by its process, or as a terminal does it, by all processes of its group at once. */
    @ParameterizedTest
    @ValueSource(strings = {"kill -TERM %d", "kill -INT -- -%d"})
    void ctrl_c_leaves_no_process_and_no_file(String signal) throws Exception {
        Set<Path> before = temporaryFiles();
        Process script = new ProcessBuilder("setsid", "bash", "-c", "exec ./run-stages --stage 1 --profile --trace")
                .directory(RunStagesScript.ROOT.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader err = script.errorReader()) {
            assertThat(err.readLine()).startsWith("Each run is a new JVM");
            assertThat(err.readLine()).startsWith("stage-01 read");
            var descendants = script.descendants().toList();
            assertThat(descendants).hasSize(3); // the server and the programs of two runs

            new ProcessBuilder("bash", "-c", signal.formatted(script.pid())).start();

            assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
            eventually(() -> descendants.stream().noneMatch(ProcessHandle::isAlive));
            eventually(() -> before.containsAll(temporaryFiles()));
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void eventually(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static Set<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches("(cooperative-tls|tls-server)-.*"))
                    .collect(Collectors.toSet());
        }
    }
}
