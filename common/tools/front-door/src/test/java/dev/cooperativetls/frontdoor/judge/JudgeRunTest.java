package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Judges commands that start a JVM and were not prepared for it. */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JudgeRunTest {

    private static final String POLL = PollingProgram.class.getName() + ".poll";

    private static Result judge(List<String> command, Object... options) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(options));
        arguments.add("--");
        arguments.addAll(command);
        return JudgeJvm.run(arguments.toArray());
    }

    private static List<String> shell(String command) {
        return List.of("bash", "-c", command.formatted("'" + String.join("' '", JudgeJvm.polling(500)) + "'"));
    }

    @Test
    void the_blocking_method_is_named_and_the_command_keeps_its_output(@TempDir Path folder) throws Exception {
        Path report = folder.resolve("report.txt");
        Path recording = folder.resolve("run.jfr");
        Result result = judge(JudgeJvm.polling(500), "-o", report, "--jfr", recording);

        assertThat(result.out()).as(result.err()).isEqualTo("done\n");
        assertThat(result.err()).containsPattern("The command ended with exit code 0 after [\\d.]+ s.\n");
        assertThat(result.exitCode()).isZero();
        assertThat(report).content().contains("carriers   1, set by the options of the JVM\n",
                "blocked by " + POLL);
        assertThat(JudgeCommand.run("recording", recording).out()).contains("blocked by " + POLL);
    }

    @Test
    void the_commands_exit_code_is_printed_and_does_not_change_that_of_the_judge() throws Exception {
        Result result = judge(shell("%s; exit 7"));

        assertThat(result.err()).contains("The command ended with exit code 7 after ");
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(result.err()).contains("blocked by " + POLL);
        assertThat(result.exitCode()).isZero();
        assertThat(judge(JudgeJvm.polling(500), "--fail-on", "native=100ms").exitCode()).isEqualTo(1);
    }

    @Test
    void the_command_keeps_its_input() throws Exception {
        ProcessBuilder judge = JudgeJvm.judge("run", "--", "bash", "-c", "read line; echo \"it read $line\"");
        Process process = judge.start();
        try (var input = process.outputWriter()) {
            input.write("a line\n");
        }
        assertThat(process.inputReader().lines()).containsExactly("it read a line");
        assertThat(process.waitFor()).isEqualTo(3); // there was no JVM
    }

    @Test
    void a_command_that_exceeds_the_timeout_is_hung_and_the_method_that_blocks_at_the_end_is_named() throws Exception {
        Result result = judge(JudgeJvm.polling(60_000), "--timeout", "8s");

        assertThat(result.err()).contains("HUNG: the command was not done within 8s\n");
        assertThat(result.err()).containsPattern("carriers   1, (reported|set) by ")
                .contains("blocked by " + POLL);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void with_several_jvms_the_largest_recording_is_shown() throws Exception {
        Result result = judge(shell("java -version 2> /dev/null; %s"));

        assertThat(result.err()).contains("blocked by " + POLL);
    }

    /** A server, for example, runs until it is interrupted. */
    @Test
    void a_command_that_runs_until_it_is_interrupted_is_judged_too() throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("run", "--"));
        arguments.addAll(JudgeJvm.polling(60_000));
        Process judge = JudgeJvm.judge(arguments.toArray()).start();
        try (var errors = judge.errorReader()) {
            assertThat(errors.readLine()).startsWith("NOTE: Picked up JDK_JAVA_OPTIONS");
            Thread.sleep(5_000); // the judge records
            judge.toHandle().destroy(); // SIGTERM, which runs the same hooks as Ctrl-C
            List<String> lines = errors.lines().toList();

            assertThat(lines).anyMatch(line -> line.startsWith("The command was interrupted after "))
                    .contains("blocked by " + POLL);
        } finally {
            judge.destroyForcibly();
        }
    }

    @Test
    void a_command_without_a_jvm_leaves_nothing_to_judge() throws Exception {
        Result result = judge(List.of("true"));

        assertThat(result.err().lines().toList()).satisfiesExactly(
                line -> assertThat(line).startsWith("The command ended with exit code 0 after "),
                line -> assertThat(line).startsWith("judge: the command left no recording: it must start java"));
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
    }
}
