package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each test has its own folder for temporary files, because other programs use the common one. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("long")
class CtrlCIT {

    /** Sends the signal to one process or, like a terminal, to all processes of its group. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kill -TERM %d    | ./run-stages --stage 1 --profile --trace | stage-01 read | 3", // server, programs
        "kill -INT -- -%d | ./run-stages --stage 1 --profile --trace | stage-01 read | 3",
        "kill -INT -- -%d | ./judge stack --provider SunJSSE --delay 3 | http-url | 2",
        "kill -INT -- -%d | ./judge run -- bash -c 'echo begins >&2; sleep 60; true' | begins | 2",
    })
    void ctrl_c_leaves_no_process_and_no_file(String signal, String command, String begins, int processes,
            @TempDir Path temporaryFiles) throws Exception {
        var builder = new ProcessBuilder("setsid", "bash", "-c", "exec " + command)
                .directory(RunStagesScript.ROOT.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporaryFiles);
        Process script = builder.start();
        try (BufferedReader err = script.errorReader()) {
            StringBuilder printed = new StringBuilder();
            assertThat(err.lines().peek(line -> printed.append(line).append('\n'))
                    .anyMatch(line -> line.startsWith(begins))).as(printed::toString).isTrue();
            // The line may be printed before the last of the processes exists.
            eventually(() -> script.descendants().count() >= processes);
            var descendants = script.descendants().toList();

            new ProcessBuilder("bash", "-c", signal.formatted(script.pid())).start();

            assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
            eventually(() -> descendants.stream().noneMatch(ProcessHandle::isAlive));
            eventually(() -> isEmpty(temporaryFiles));
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

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
