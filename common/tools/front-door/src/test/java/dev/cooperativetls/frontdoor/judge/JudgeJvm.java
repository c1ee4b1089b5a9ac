package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.frontdoor.RunStagesScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands that run {@code judge} in a separate JVM, and a program for it to judge. */
final class JudgeJvm {

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private JudgeJvm() {}

    /** Returns a command that runs {@code judge}. */
    static ProcessBuilder judge(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Judge.class.getName()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command);
    }

    /** Returns a command with four threads that wait one after another on one carrier, each for this time. */
    static List<String> polling(int millis, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString(),
                PollingProgram.class.getName(), Integer.toString(millis)));
        return command;
    }

    static RunStagesScript.Result run(Object... arguments) throws IOException, InterruptedException {
        return RunStagesScript.result(judge(arguments));
    }
}
