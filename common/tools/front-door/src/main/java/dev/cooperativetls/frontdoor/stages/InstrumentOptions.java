package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.events.ProfileText;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.frontdoor.OutputFiles;
import dev.cooperativetls.frontdoor.Requirement;
import dev.cooperativetls.frontdoor.VerdictTable;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/** The options that show what runs and where its time goes, and the text that they print for each run. */
final class InstrumentOptions {

    /** The value that means standard output. */
    private static final String STDOUT = "-";
    private static final Path OUT = Path.of(STDOUT);

    @Option(names = "--modules", description = "For each run, print the jars of the class path with their versions.")
    private boolean modules;

    @Option(names = "--ssl-context", description = "For each run, print the SSLContext in force, and the one that the"
            + " JDK alone would return.")
    private boolean sslContext;

    @Option(names = "--socket-class", description = "For each run, print the class of the sockets.")
    private boolean socketClass;

    @Option(names = "--profile", description = "For each run, print the time spent in calls, and what blocked the"
            + " carrier.")
    private boolean profile;

    @Option(names = "--profile-stats-count", paramLabel = "N",
            description = "The number of lines of the profile (default: 20).")
    private Integer statsCount;

    @Option(names = "--trace", paramLabel = "FILE", arity = "0..1", fallbackValue = STDOUT,
            description = "For each run, print each call and return, or write them to FILE.")
    private Path trace;

    @Option(names = "--jfr", paramLabel = "FILE",
            description = "Also keep the flight recording of one run in this file, for JDK Mission Control.")
    private Path jfr;

    private OutputFiles files;

    void check(Requirement line, List<Cell> cells) {
        line.require(statsCount == null || profile, () -> "--profile-stats-count is for --profile: give both");
        line.require(statsCount == null || statsCount >= 1,
                () -> "--profile-stats-count must be a whole number from 1, not '%s'".formatted(statsCount));
        line.require(jfr == null || cells.size() == 1,
                () -> "--jfr keeps one run's recording, not %s: choose one with --stage and --read-call"
                        .formatted(cells.size()));
        if (tracesToFile()) {
            line.requireNone(FileProblem.ofWriting("--trace", trace));
        }
        if (jfr != null) {
            line.requireNone(FileProblem.ofWriting("--jfr", jfr));
        }
    }

    private boolean tracesToFile() {
        return trace != null && !trace.equals(OUT);
    }

    /**
     * Adds to the program under test the options for what is to be shown.
     *
     * @param forReport whether a report is made, which shows more than the text
     * @param recorder whether the JVM has the Flight Recorder
     */
    void configure(Observer program, boolean forReport, boolean recorder) {
        if (modules || forReport) {
            program.arguments("--modules");
        }
        if (sslContext) {
            program.arguments("--ssl-context");
        }
        if (profile || forReport && recorder) {
            program.arguments("--profile-code");
        }
        if (trace != null) {
            program.arguments("--trace-calls");
        }
        if (jfr != null) {
            program.onRecording(recording -> files.copy("--jfr", recording, jfr));
        }
    }

    /**
     * Empties the file of the trace, to which each run appends. Without the Flight Recorder it ignores the options that
     * need a recording.
     */
    void prepare(boolean recorder, OutputFiles outputFiles) {
        files = outputFiles;
        if (!recorder) {
            profile = false;
            trace = null;
            jfr = null;
        }
        if (tracesToFile()) {
            files.write("--trace", trace, file -> Files.writeString(file, ""));
        }
    }

    void before(Outcome outcome, PrintStream out) {
        Start start = outcome.start();
        if (modules || sslContext) {
            out.println(outcome.cell());
        }
        if (modules) {
            out.println("modules:");
            start.jars().forEach(jar -> out.println("  " + jar));
        }
        if (sslContext) {
            out.println("SSLContext: " + start.sslContexts().inForce());
            out.println("without what is on the class path: " + start.sslContexts().withoutClassPath());
        }
        if (modules || sslContext) {
            out.println();
        }
    }

    void after(Outcome outcome, PrintStream out) {
        Cell cell = outcome.cell();
        Observation seen = outcome.seen();
        boolean traced = trace != null && seen.details().trace() != null;
        boolean profiled = profile && seen.details().profile() != null;
        if (socketClass || profiled || traced && trace.equals(OUT)) {
            out.println(cell);
        }
        if (socketClass) {
            out.println("socket class: "
                    + Objects.requireNonNullElse(seen.socketClass(), "none, no socket was seen"));
            out.println();
        }
        if (profiled) {
            out.println(ProfileText.profile(seen.details().profile(), seen.elapsedSeconds(),
                    statsCount == null ? 20 : statsCount));
            out.println(VerdictTable.ofCarrierBlocks(seen.carrierBlocks()));
        }
        if (traced && trace.equals(OUT)) {
            out.println(ProfileText.trace(seen.details().trace()));
        } else if (traced && !files.write("--trace", trace, file -> Files.writeString(file,
                cell + System.lineSeparator() + ProfileText.trace(seen.details().trace()) + System.lineSeparator(),
                StandardOpenOption.APPEND))) {
            trace = null; // so that later runs do not report the same failure
        }
    }
}
