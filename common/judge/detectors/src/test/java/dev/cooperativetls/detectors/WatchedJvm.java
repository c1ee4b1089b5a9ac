package dev.cooperativetls.detectors;

import java.io.IOException;
import java.util.List;

/** A JVM in which a detector watches a program. */
final class WatchedJvm {

    /** The beginning of the line that has the report. */
    static final String REPORT = "REPORT ";

    /** Options for one carrier, and for the provider of stage-01. */
    static final List<String> OPTIONS = List.of(
            "-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");

    private static WatchedProgram program;

    private WatchedJvm() {}

    /**
     * Watches the program, and prints the report.
     *
     * @param args the names of the detector and of the program
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        program = WatchedProgram.valueOf(args[1]);
        program.warmUp();
        System.out.println(REPORT + Detectors.valueOf(args[0]).detector().watch(program));
        System.exit(0);
    }

    /** Returns the program of this JVM, for test classes that JUnit creates. */
    static WatchedProgram program() {
        return program;
    }
}
