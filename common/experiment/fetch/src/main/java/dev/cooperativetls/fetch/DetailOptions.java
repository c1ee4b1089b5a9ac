package dev.cooperativetls.fetch;

import dev.cooperativetls.events.FileProblem;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that show what runs, and where the time goes. */
final class DetailOptions {

    /** The name of standard output. */
    static final String STDOUT = "-";
    static final Path OUT = Path.of(STDOUT);

    /** A check that refuses the command line with a message if a condition is false. */
    interface Check {
        void require(boolean condition, String otherwise);
    }

    @Option(names = "--modules", description = "Print the jars of the class path with their versions before the run.")
    boolean modules;

    @Option(names = "--ssl-context", description = "Print the SSLContext in force before the run, and the one that the"
            + " JDK alone would return.")
    boolean sslContext;

    @Option(names = "--socket-class", description = "Print the class of the sockets under the connections.")
    boolean socketClass;

    @Option(names = "--profile-code", description = "Print the time spent in each instrumented method after the run.")
    boolean profile;

    @Option(names = "--profile-stats-count", paramLabel = "N",
            description = "The number of lines of the profile (default: 20).")
    private Integer statsCount;

    /** The trace's file, or {@link #OUT}; null if there is no trace. */
    @Option(names = "--trace-calls", paramLabel = "FILE", arity = "0..1", fallbackValue = STDOUT,
            description = "Print each call and return after the run, or write them to FILE.")
    Path trace;

    /** The file for the recording; null if it is not kept. */
    @Option(names = "--jfr", paramLabel = "FILE", description = "Keep a flight recording, for JDK Mission Control.")
    Path jfr;

    int statsCount() {
        return statsCount == null ? 20 : statsCount;
    }

    boolean records() {
        return profile || trace != null || jfr != null;
    }

    boolean tracesToFile() {
        return trace != null && !trace.equals(OUT);
    }

    void check(Check line) {
        line.require(statsCount == null || profile, "--profile-stats-count is for --profile-code: give both");
        line.require(statsCount() >= 1,
                "--profile-stats-count must be a whole number from 1, not '" + statsCount + "'");
        if (jfr != null) {
            FileProblem.ofWriting("--jfr", jfr).ifPresent(problem -> line.require(false, problem));
        }
        if (tracesToFile()) {
            FileProblem.ofWriting("--trace-calls", trace).ifPresent(problem -> line.require(false, problem));
        }
    }
}
