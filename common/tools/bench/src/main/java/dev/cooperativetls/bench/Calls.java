package dev.cooperativetls.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The costs of single calls, by JMH, with the jars of stage-04. */
@Command(name = "calls", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures single calls with JMH: a wait on the hub, and bodies read by read and by readInto, with"
                + " what they allocate.")
final class Calls implements Callable<Integer> {

    /** JMH 1.37 does, and the JDK warns of it at every start. */
    private static final String JMH_USES_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /** JMH's own switch, handed on: it refuses while anybody on the machine runs it, also with other benchmarks. */
    private static final String IGNORE_LOCK = "-Djmh.ignoreLock=";

    /** As the benchmarks' classes begin. */
    private enum Only {
        WAIT, READ;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--only", paramLabel = "WHICH", description = "${COMPLETION-CANDIDATES}; both if left out")
    private Only only;

    @Option(names = "--forks", paramLabel = "N", defaultValue = "2",
            description = "fresh JVMs for each call (default: ${DEFAULT-VALUE})")
    private int forks;

    @Option(names = "--iterations", paramLabel = "N", defaultValue = "5",
            description = "seconds measured in each JVM, after as many to warm up (default: ${DEFAULT-VALUE})")
    private int iterations;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (forks < 1 || iterations < 1) {
            throw new ParameterException(spec.commandLine(), "--forks and --iterations take a number from 1");
        }
        Path root = Bench.root();
        Path bench = root.resolve("common/tools/bench/target");
        Process program = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData", JMH_USES_UNSAFE, IGNORE_LOCK + Boolean.getBoolean("jmh.ignoreLock"),
                        "-cp", String.join(File.pathSeparator, root.resolve("stage-04/target/stage-04.jar").toString(),
                                bench.resolve("classes").toString(), bench.resolve("lib/*").toString()),
                        "dev.cooperativetls.bench.calls.CallsProgram",
                        Integer.toString(forks), Integer.toString(iterations),
                        only == null ? ".*" : "(?i:%s).*".formatted(only)))
                .redirectErrorStream(true).start();
        try {
            program.getInputStream().transferTo(System.out); // not inherited: this may be no process of its own
            return program.waitFor();
        } finally {
            program.destroy();
        }
    }
}
