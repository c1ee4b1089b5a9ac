package dev.cooperativetls.bench;

import dev.cooperativetls.events.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The costs of single calls, measured by JMH with the jars of stage-04. */
@Command(name = "calls", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
        description = "Measures single calls with JMH: a wait on the wrapper's hub, a wait of the JDK's channels, and"
                + " bodies read by read and by readInto. It also measures the bytes that they allocate.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:All was measured.", "2:Bad usage.", "3:There are no figures."})
final class Calls implements Callable<Integer> {

    /** JMH 1.37 uses Unsafe, and without this option the JDK prints a warning at every start. */
    private static final String JMH_USES_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /** JMH's own property, passed on. Without it JMH does not start while another JMH runs on the machine. */
    private static final String IGNORE_LOCK = "-Djmh.ignoreLock=";

    /** JMH prints numbers in the default locale, and some locales, such as ar-EG, have other digits. */
    private static final List<String> LATIN_DIGITS = List.of("-Duser.language=en", "-Duser.extensions=");

    /** The options of the measured JVMs, in which each call is made by a virtual thread on one carrier. */
    private static final String JVM_OPTIONS = JMH_USES_UNSAFE + " "
            + String.join(" ", MeasuredProcess.OPTIONS_OF_STAGES)
            + " -Djmh.executor=VIRTUAL -Djdk.virtualThreadScheduler.parallelism=1 -XX:+UseSerialGC";

    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    /** The first word of a benchmark's class. */
    private enum Only {
        WAIT, READ;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--only", paramLabel = "WHICH",
            description = "The calls to measure: ${COMPLETION-CANDIDATES} (default: both).")
    private Only only;

    @Option(names = "--forks", paramLabel = "N", defaultValue = "2",
            description = "The number of JVMs for each call (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(names = "--iterations", paramLabel = "N", defaultValue = "5",
            description = "The number of measured seconds in each JVM, after as many seconds of warm-up"
                    + " (default: ${DEFAULT-VALUE}).")
    private int iterations;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (forks < 1 || iterations < 1) {
            throw new ParameterException(spec.commandLine(), "--forks and --iterations must be whole numbers from 1");
        }
        String count = Integer.toString(iterations);
        var arguments = new ArrayList<>(LATIN_DIGITS);
        arguments.addAll(List.of(JMH_USES_UNSAFE, IGNORE_LOCK + Boolean.getBoolean("jmh.ignoreLock"),
                "-cp", Built.file("stage-04/target/stage-04.jar") + File.pathSeparator
                        + Built.file("common/tools/bench/target/bench.jar"),
                "org.openjdk.jmh.Main", (only == null ? "" : "(?i)" + only) + "Benchmark",
                "-f", Integer.toString(forks), "-wi", count, "-w", "1s", "-i", count, "-r", "1s",
                "-prof", "gc", "-foe", "true", "-jvmArgs", JVM_OPTIONS));
        try (var jmh = ChildJvm.start(arguments)) {
            for (var line = jmh.readLine(LONGEST_SILENCE); line.isPresent(); line = jmh.readLine(LONGEST_SILENCE)) {
                System.out.println(line.get());
            }
            return jmh.exitCode(LONGEST_SILENCE).orElse(Bench.NO_FIGURES) == 0 ? 0 : Bench.NO_FIGURES;
        }
    }
}
