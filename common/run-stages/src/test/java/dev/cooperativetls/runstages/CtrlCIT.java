package dev.cooperativetls.runstages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, since the others' temporary files come and go. */
@Isolated
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class CtrlCIT {

    @Test
    void ctrl_c_leaves_no_process_and_no_file() throws Exception {
        Set<Path> before = temporaryFiles();
        Process script = new ProcessBuilder("bash", "-c", "exec ./run-stages --stage 1 --delay 30")
                .directory(RunStagesScript.ROOT.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            // The server and the stage's program; before them the script has children of its own.
            eventually(() -> script.children().filter(CtrlCIT::isJava).count() == 2);
            var descendants = script.descendants().toList();

            script.destroy();

            assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
            eventually(() -> descendants.stream().noneMatch(ProcessHandle::isAlive));
            eventually(() -> before.containsAll(temporaryFiles()));
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().filter(command -> command.endsWith("java")).isPresent();
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
