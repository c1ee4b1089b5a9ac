package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cooperativetls.frontdoor.judge.JudgeCommand.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Judges recordings with the JDK's own settings, of a program that waits in native code for two seconds. */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JudgeRecordingTest {

    private static final String POLL = PollingProgram.class.getName() + ".poll";

    @TempDir
    private static Path folder;
    private static Path recording;
    private static Path blind;

    @BeforeAll
    static void record() throws Exception {
        recording = record("default.jfr", "settings=default");
        blind = record("blind.jfr", "settings=default,jdk.NativeMethodSample#enabled=false");
    }

    private static Path record(String name, String settings) throws Exception {
        Path file = folder.resolve(name);
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:jfr+startup=error",
                "-XX:StartFlightRecording:%s,filename=%s".formatted(settings, file),
                "-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", "target/test-classes", PollingProgram.class.getName()));
        Process program = new ProcessBuilder(command).inheritIO().start();
        assertThat(program.waitFor()).isZero();
        return file;
    }

    private static Result judge(Object... arguments) {
        return JudgeCommand.run(arguments);
    }

    @Test
    void a_wait_in_native_code_is_named_from_a_recording_with_the_jdks_settings() {
        Result result = judge("recording", recording);

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().toList()).satisfiesExactly(
                line -> assertThat(line).startsWith("recording  default.jfr, 20").contains("OpenJDK"),
                line -> assertThat(line).isEqualTo("carriers   1, set by the options of the JVM"),
                line -> assertThat(line).startsWith("native     sampled every 20 ms, "),
                line -> assertThat(line).isEqualTo("pinned     recorded from 20 ms"),
                line -> assertThat(line).isEqualTo("computing  sampled every 20 ms"),
                line -> assertThat(line).isEqualTo("blocked by " + POLL),
                line -> assertThat(line).isEmpty(),
                line -> assertThat(line).startsWith("of the carriers  longest  samples  how"),
                line -> assertThat(line).containsPattern("\\d+ % ± \\d+ +[\\d.]+ m?s +\\d+ +native +" + POLL));
    }

    @Test
    void the_reported_time_is_the_time_that_the_program_waited() throws Exception {
        JsonNode all = new JsonMapper().readTree(judge("recording", recording, "--format", "json").out());
        JsonNode block = all.get("blocks").get(0);
        double seconds = block.get("share").asDouble() * seconds(all);

        assertThat(all.get("schema").asInt()).isEqualTo(1);
        assertThat(all.get("carriersSource").asString()).isEqualTo("CONFIGURED");
        assertThat(all.get("nativePeriodMillis").asLong()).isEqualTo(20);
        assertThat(block.get("frame").asString()).isEqualTo(POLL);
        assertThat(seconds).as(all.toString()).isBetween(1.0, 2.2); // four waits; a busy machine samples too little
        assertThat(block.get("longestSeconds").asDouble()).isBetween(0.1, 2.2);
    }

    private static double seconds(JsonNode all) {
        return Duration.between(Instant.parse(all.get("from").asString()),
                Instant.parse(all.get("to").asString())).toNanos() / 1e9;
    }

    @Test
    void collapsed_stacks_are_for_flame_graphs() {
        assertThat(judge("recording", recording, "--format", "collapsed").out().lines())
                .anyMatch(line -> line.matches("jdk\\.internal\\.vm\\.Continuation.*;" + POLL + ";.* \\d+"));
        assertThat(judge("recording", recording, "--format", "collapsed", "--kind", "pinned").out()).isEmpty();
        assertThat(judge("recording", recording, "--format", "collapsed", "--threshold", "60s").out()).isEmpty();
        assertThat(judge("recording", recording, "--format", "collapsed", "--allow",
                PollingProgram.class.getName() + "::poll").out()).doesNotContain(POLL);
    }

    @Test
    void the_stack_is_shown_on_request() {
        assertThat(judge("recording", recording, "--stacks").out()).contains("\n    at " + POLL + "\n");
    }

    @Test
    void a_recording_without_samples_of_native_code_gives_exit_code_3() {
        Result result = judge("recording", blind);

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("native     not recorded\n").doesNotContain(POLL);
        assertThat(result.err()).isEqualTo("judge: waits in native code cannot be shown: the recording has no"
                + " jdk.NativeMethodSample\n");
        assertThat(judge("recording", blind, "--kind", "pinned,computing").exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--fail-on native=100ms                          | 1",
        "--fail-on share=5%                              | 1",
        "--fail-on native=60s,share=100%                 | 0",
        "--fail-on pinned=1ms                            | 0",
        "--fail-on share=5% --within com.acme.           | 0",
        "--fail-on share=5% --within dev.cooperativetls. | 1",
        "--fail-on share=5% --kind pinned                | 0",
        "--fail-on native=1ms --threshold 60s            | 0",
        "--fail-on share=5% --allow dev.cooperativetls.frontdoor.judge.PollingProgram::poll | 0",
    })
    void a_limit_decides_the_exit_code(String options, int exitCode) {
        List<Object> arguments = new ArrayList<>(List.of("recording", recording));
        arguments.addAll(List.of(options.split(" ")));

        assertThat(judge(arguments.toArray()).exitCode()).isEqualTo(exitCode);
    }

    @Test
    void a_page_shows_the_same() {
        String page = judge("recording", recording, "--format", "html", "--diff", blind).out();

        assertThat(page).startsWith("<!DOCTYPE html>").contains("<dt>Blocked by</dt><dd>" + POLL + "</dd>",
                "scope=\"col\" class=\"number\">before</th>", " class=\"method\">" + POLL + "</td>",
                "<summary>A stack of " + POLL + "</summary>", "\n  at " + POLL + "\n")
                .doesNotContain("src=", "href=");
    }

    @Test
    void another_recording_is_compared_with() throws Exception {
        Result same = judge("recording", recording, "--diff", recording);
        assertThat(same.out()).contains("\nbefore     default.jfr, ")
                .containsPattern("of the carriers +before +longest")
                .containsPattern("\n *(\\d+ % ± \\d+) +\\1 +\\S+ m?s +\\d+ +native +" + POLL + "\n");

        assertThat(judge("recording", recording, "--diff", blind).out())
                .containsPattern("\n *\\d+ % ± \\d+ +- +\\S+ m?s +\\d+ +native +" + POLL + "\n");
        assertThat(judge("recording", blind, "--diff", recording).out())
                .containsPattern("\n *- +\\d+ % ± \\d+ +\\S+ m?s +\\d+ +native +" + POLL + "\n");
        JsonNode before = new JsonMapper().readTree(
                judge("recording", blind, "--diff", recording, "--format", "json").out()).get("before");
        assertThat(before.get("file").asString()).endsWith("default.jfr");
        assertThat(before.get("blocks").get(0).get("frame").asString()).isEqualTo(POLL);
    }

    @Test
    void events_before_or_after_the_given_time_do_not_count() throws Exception {
        JsonNode all = new JsonMapper().readTree(judge("recording", recording, "--format", "json").out());

        Result result = judge("recording", recording, "--from", all.get("to").asString());
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("and nothing of the given time").hasLineCount(1);
        assertThat(judge("recording", recording, "--to", all.get("to").asString()).out()).contains(POLL);
    }

    @Test
    void the_output_goes_into_a_file_on_request() throws Exception {
        Path file = folder.resolve("out.txt");

        assertThat(judge("recording", recording, "-o", file).out()).isEmpty();
        assertThat(file).content().contains("blocked by " + POLL);
    }

    @Test
    void files_that_are_not_a_complete_recording_are_refused_in_one_line() throws Exception {
        byte[] bytes = Files.readAllBytes(recording);
        assertBroken(Files.write(folder.resolve("empty.jfr"), new byte[0]), "it is empty");
        assertBroken(Files.writeString(folder.resolve("text.jfr"), "x".repeat(1_000)), "it is no flight recording");
        assertBroken(Files.writeString(folder.resolve("short.jfr"), "FLR"), "it is no flight recording");
        assertBroken(Files.write(folder.resolve("cut.jfr"), Arrays.copyOf(bytes, bytes.length / 2)),
                "it is cut off, or still being written");
    }

    /** In our builds the java on the PATH is such a JDK, and Maven finds the JDK of the build. */
    @Test
    void a_recording_of_a_jdk_without_virtual_threads_is_refused_in_one_line() throws Exception {
        Path old = folder.resolve("old.jfr");
        Process java = new ProcessBuilder("java", "-XX:StartFlightRecording:filename=" + old, "-version")
                .redirectErrorStream(true).start();
        assumeThat(java.inputReader().lines().toList()).anyMatch(line -> line.matches(".* version \"(17|18|19)\\..*"));
        assertThat(java.waitFor()).isZero();

        Result result = judge("recording", old);
        assertThat(result.err())
                .matches("judge: .*old.jfr: it was made by JDK 1\\d, but virtual threads need JDK 21 or later\n");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    private static void assertBroken(Path file, String reason) {
        Result result = judge("recording", file);

        assertThat(result.err()).isEqualTo("judge: %s: %s%n", file, reason);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "recording                                | Missing required parameter: 'FILE'",
        "recording no-such.jfr                    | FILE no-such.jfr cannot be read: it is missing",
        "recording src                            | FILE src cannot be read: it is not a file",
        "recording pom.xml --top 0                | --top must be a whole number from 1, not '0'",
        "recording pom.xml --top x                | --top must be a whole number, not 'x'",
        "recording pom.xml --carriers 0           | --carriers must be a whole number from 1, not '0'",
        "recording pom.xml --kind slow            | --kind must be native, pinned, computing or unseen, not 'slow'",
        "recording pom.xml --allow a.B.c          | --allow must be CLASS::METHOD, not 'a.B.c'",
        "recording pom.xml --threshold 20         | --threshold must be a time such as 20ms or 1s, not '20'",
        "recording pom.xml --fail-on native       | --fail-on must be a limit such as native=100ms or share=5%",
        "recording pom.xml --fail-on native=1     | --fail-on native must be a time such as 20ms or 1s, not '1'",
        "recording pom.xml --fail-on share=1      | --fail-on share must be a percentage such as 5%, not '1'",
        "recording pom.xml --from noon            | --from must be a time such as 09:00 or 2026-11-28T09:00:00Z",
        "recording pom.xml --format pdf           | Invalid value for option '--format'",
        "recording pom.xml -o src                 | -o src cannot be written: it is a folder",
        "recording pom.xml -o no/such             | -o no/such cannot be written: its folder is missing",
        "recording pom.xml --diff src             | --diff src cannot be read: it is not a file",
        "recording pom.xml --diff no.jfr          | --diff no.jfr cannot be read: it is missing",
        "recording pom.xml --diff pom.xml --format collapsed | --diff is for the formats text, json and html",
        "process                                  | PID is missing: give one that --list shows",
        "process x                                | PID must be the number of a process, not 'x'",
        "process 1 --for soon                     | --for must be a time such as 20ms or 1s, not 'soon'",
        "process 1 --for 0s                       | --for must be a time from 1ms to 3600s, not '0s'",
        "process 1 --for 3601s                    | --for must be a time from 1ms to 3600s, not '3601s'",
        "process 1 --jfr src                      | --jfr src cannot be written: it is a folder",
        "process 1 --top 0                        | --top must be a whole number from 1, not '0'",
        "run                                      | Missing required parameter: 'COMMAND'",
        "run --timeout 0s -- true                 | --timeout must be a time from 1ms, not '0s'",
        "run --timeout soon -- true               | --timeout must be a time such as 20ms or 1s, not 'soon'",
        "run --jfr src -- true                    | --jfr src cannot be written: it is a folder",
        "run --top 0 -- true                      | --top must be a whole number from 1, not '0'",
        "run -- no-such-command                   | the command cannot be started: ",
        "\"\"                                     | the command is missing",
        "stacks                                   | Unmatched argument at index 0: 'stacks'",
    })
    void a_bad_option_is_refused_in_one_line(String arguments, String problem) {
        Result result = judge((Object[]) (arguments.isEmpty() ? new String[0] : arguments.split(" +")));

        assertThat(result.err()).startsWith("judge: " + problem).hasLineCount(1);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }
}
