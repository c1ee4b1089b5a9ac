package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Judges a running program that was not prepared for it. */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JudgeProcessTest {

    private static final String POLL = PollingProgram.class.getName() + ".poll";

    @TempDir
    private Path folder;

    private Result judge(Object... arguments) throws IOException, InterruptedException {
        ProcessBuilder judge = JudgeJvm.judge(arguments);
        judge.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder);
        Result result = RunStagesScript.result(judge);
        Files.deleteIfExists(folder.resolve("kept.jfr"));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        return new Result(result.exitCode(), result.out(),
                result.err().replaceFirst("NOTE: Picked up JDK_JAVA_OPTIONS.*\n", ""));
    }

    private static Process program(int millis, String... jvmOptions) throws IOException {
        return new ProcessBuilder(JudgeJvm.polling(millis, jvmOptions))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String recordings(Process program) throws Exception {
        return new Jcmd(program.pid()).command("JFR.check");
    }

    @Test
    void the_blocking_method_is_named_and_the_program_ends_normally() throws Exception {
        Process program = program(4_000, "-XX:StartFlightRecording:name=theirs,settings=none");
        try (BufferedReader output = program.inputReader()) {
            Result result = judge("process", program.pid(), "--for", "2s", "--kind", "native");

            assertThat(result.out()).as(result.err())
                    .startsWith("recording  process " + program.pid() + ", ")
                    .contains("\ncarriers   1, reported by its scheduler\n", "\nblocked by " + POLL);
            assertThat(result.err()).isEqualTo("Recording process %s for 2s …\n", program.pid());
            assertThat(result.exitCode()).isZero();
            assertThat(recordings(program)).contains("name=theirs").containsOnlyOnce("name=");
            assertThat(output.lines()).last().isEqualTo("done");
            assertThat(program.waitFor()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void a_program_that_ends_early_is_judged_by_its_recording_so_far() throws Exception {
        Process program = program(1_000);
        try {
            Result result = judge("process", program.pid(), "--for", "60s", "--jfr", folder.resolve("kept.jfr"));

            assertThat(result.out()).as(result.err()).contains("\nblocked by " + POLL);
            assertThat(result.err()).contains("judge: process %s has ended\n".formatted(program.pid()));
            assertThat(result.exitCode()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void a_reached_limit_gives_exit_code_1() throws Exception {
        Process program = program(4_000);
        try {
            assertThat(judge("process", program.pid(), "--for", "1s", "--fail-on", "native=100ms").exitCode())
                    .isEqualTo(1);
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void an_interrupted_judge_stops_its_recording_and_leaves_no_file() throws Exception {
        Process program = program(30_000);
        ProcessBuilder command = JudgeJvm.judge("process", program.pid(), "--for", "60s");
        command.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder);
        Process judge = command.start();
        try (BufferedReader errors = judge.errorReader()) {
            assertThat(errors.lines().anyMatch(line -> line.startsWith("Recording process "))).isTrue();
            assertThat(recordings(program)).contains("running");
            Thread.sleep(2_000); // the judge records

            judge.toHandle().destroy(); // SIGTERM, which runs the same hooks as Ctrl-C
            assertThat(judge.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(judge.inputReader().readAllAsString()) // about the recording so far
                    .contains("\nblocked by " + POLL);

            assertThat(recordings(program)).contains("No available recordings");
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        } finally {
            judge.destroyForcibly();
            program.destroyForcibly();
        }
    }

    @Test
    void running_jvms_are_listed() throws Exception {
        Process program = program(4_000);
        try {
            Result result = judge("process", "--list");

            assertThat(result.out()).contains("%s %s 4000\n".formatted(program.pid(), PollingProgram.class.getName()))
                    .doesNotContain(Judge.class.getName(), "jcmd");
            assertThat(result.exitCode()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void a_process_that_cannot_be_recorded_is_reported_in_one_line() throws Exception {
        Process ended = program(0);
        ended.waitFor();
        assertRefused(ended, "there is no process %s: see judge process --list");

        Process noJvm = new ProcessBuilder("sleep", "60").start();
        Process blind = program(10_000, "-XX:-FlightRecorder");
        Process closed = program(10_000, "-XX:+DisableAttachMechanism");
        try {
            assertRefused(noJvm, "jcmd cannot attach to process %s: it is not a JVM, or not ready");
            assertRefused(blind, "process %s cannot record: Flight Recorder is switched off in it");
            assertRefused(closed, "jcmd cannot attach to process %s: ");
        } finally {
            List.of(noJvm, blind, closed).forEach(Process::destroyForcibly);
        }
    }

    /** In our builds the java on the PATH is such a JDK, and Maven finds the JDK of the build. */
    @Test
    void a_jdk_without_virtual_threads_is_refused() throws Exception {
        Path source = Files.writeString(folder.resolve("Sleeps.java"), "class Sleeps { public static void main("
                + "String[] args) throws Exception { System.out.println(System.getProperty(\"java.version\"));"
                + " Thread.sleep(60_000); } }");
        Process old = new ProcessBuilder("java", source.toString()).start();
        try (BufferedReader output = old.inputReader()) {
            assumeThat(output.readLine()).matches("(17|18|19)\\..*");
            Files.delete(source);
            assertRefused(old, "process %s runs on JDK 1");
        } finally {
            old.destroyForcibly();
        }
    }

    private void assertRefused(Process process, String problem) throws Exception {
        Result result = judge("process", process.pid());
        assertThat(result.err()).startsWith("judge: " + problem.formatted(process.pid())).hasLineCount(1);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
    }
}
