package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges a clean test in JVMs that cannot make a flight recording. */
@Tag("long")
class BlindTest {

    private static final String NO_RECORDER = "this JVM has no Flight Recorder";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-XX:-FlightRecorder | | ABORTED",
        "-XX:-FlightRecorder | fail | FAILED",
        "--limit-modules=java.base,java.logging,java.management,java.xml,jdk.unsupported,jdk.httpserver | | ABORTED"})
    void without_a_flight_recorder_there_is_no_verdict(String option, String blind, String outcome) throws Exception {
        String output = run(blind == null ? List.of(option)
                : List.of(option, "-D" + Settings.PREFIX + "blind=" + blind));

        assertThat(output.lines().filter(line -> line.matches("[A-Z]+ \\d+"))).hasSize(5)
                .allMatch(line -> line.startsWith(outcome + " "));
        assertThat(output).contains("Ours.threads_sleep: no verdict on the carriers: " + NO_RECORDER);
    }

    private static String run(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.addAll(List.of(Measured.class.getName(), Measured.Ours.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }
}
