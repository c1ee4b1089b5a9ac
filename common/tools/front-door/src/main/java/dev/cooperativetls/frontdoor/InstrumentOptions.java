package dev.cooperativetls.frontdoor;

import dev.cooperativetls.recorder.ReadingsText;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Start;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/** The options that show why a run took as long as it did, and what they print before and after each. */
final class InstrumentOptions {

    /** Stands for standard output. */
    private static final String OUT = "-";

    @Option(names = "--modules", description = "before each run, print the jars of its class path with their versions")
    private boolean modules;

    @Option(names = "--ssl-context", description = "before each run, print whose SSLContext is in force,"
            + " with and without what is on the class path")
    private boolean sslContext;

    @Option(names = "--socket-class", description = "after each run, print the class of the sockets")
    private boolean socketClass;

    @Option(names = "--profile", description = "after each run, print which calls took how long, and who held the carrier")
    private boolean profile;

    @Option(names = "--profile-stats-count", paramLabel = "N", description = "how many lines of the profile (default: 20)")
    private Integer statsCount;

    @Option(names = "--trace", paramLabel = "FILE", arity = "0..1", fallbackValue = OUT,
            description = "after each run, print each call and return, or write them to FILE")
    private String trace;

    @Option(names = "--jfr", paramLabel = "FILE",
            description = "keep the flight recording of the run, for JDK Mission Control")
    private Path jfr;

    void check(Requirement line, List<Cell> cells) {
        line.require(statsCount == null || profile, () -> "--profile-stats-count is for --profile: give both");
        line.require(statsCount == null || statsCount >= 1,
                () -> "--profile-stats-count takes a whole number from 1, not '%d'".formatted(statsCount));
        line.require(trace == null || trace.equals(OUT) || Requirement.canBeWritten(Path.of(trace)),
                () -> "--trace %s cannot be written: give a file in a folder that exists".formatted(trace));
        line.require(jfr == null || cells.size() == 1,
                () -> "--jfr keeps one run's recording, not %d: choose one with --stage and --read-call"
                        .formatted(cells.size()));
        line.require(jfr == null || Requirement.canBeWritten(jfr),
                () -> "--jfr %s cannot be written: give a file in a folder that exists".formatted(jfr));
    }

    /**
     * What the program under test is to be asked for.
     *
     * @param forReport whether a report is to be made, which shows more than what is printed
     * @param recorder whether there is a Flight Recorder
     */
    List<String> arguments(boolean forReport, boolean recorder) {
        List<String> arguments = new ArrayList<>();
        if (modules || forReport) {
            arguments.add("--modules");
        }
        if (sslContext) {
            arguments.add("--ssl-context");
        }
        if (profile || forReport && recorder) {
            arguments.add("--profile-code");
        }
        if (trace != null) {
            arguments.add("--trace-calls");
        }
        if (jfr != null) {
            arguments.addAll(List.of("--jfr", jfr.toAbsolutePath().toString()));
        }
        return arguments;
    }

    /** Leaves out what takes a Flight Recorder, or else empties the trace's file, to which each run adds its own. */
    void prepare(boolean recorder) throws IOException {
        if (!recorder) {
            profile = false;
            trace = null;
            jfr = null;
        }
        if (trace != null && !trace.equals(OUT)) {
            Files.writeString(Path.of(trace), "");
        }
    }

    void before(Cell cell, Start start, PrintStream out) {
        if (modules || sslContext) {
            out.println(cell);
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

    void after(Cell cell, Observation seen, PrintStream out) throws IOException {
        boolean traced = seen.details().trace() != null;
        boolean profiled = profile && seen.details().profile() != null;
        if (socketClass || profiled || traced && trace.equals(OUT)) {
            out.println(cell);
        }
        if (socketClass) {
            out.println("socket class: "
                    + Objects.requireNonNullElse(seen.socketClass(), "none, there was no connection"));
            out.println();
        }
        if (profiled) {
            out.println(ReadingsText.profile(seen.details().profile(), seen.elapsedSeconds(),
                    statsCount == null ? 20 : statsCount));
            out.println(ReadingsText.holders(seen.holders()));
        }
        if (traced && trace.equals(OUT)) {
            out.println(ReadingsText.trace(seen.details().trace()));
        } else if (traced) {
            Files.writeString(Path.of(trace), cell + System.lineSeparator()
                    + ReadingsText.trace(seen.details().trace()) + System.lineSeparator(), StandardOpenOption.APPEND);
        }
    }
}
