package dev.cooperativetls.fetch;

import dev.cooperativetls.recorder.Instrument;
import dev.cooperativetls.recorder.Readings;
import dev.cooperativetls.recorder.ReadingsText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that show why a run took as long as it did. */
final class InstrumentOptions {

    /** Stands for standard output. */
    private static final String OUT = "-";

    /** Refuses the command line with this text, unless the condition holds. */
    interface Requirement {
        void require(boolean condition, String otherwise);
    }

    @Option(names = "--modules", description = "before the run, print the jars of the class path with their versions")
    private boolean modules;

    @Option(names = "--ssl-context",
            description = "before the run, print whose SSLContext is in force, with and without what is on the class path")
    private boolean sslContext;

    @Option(names = "--socket-class", description = "print the class of the sockets under the connections")
    private boolean socketClass;

    @Option(names = "--profile-code",
            description = "after the run, print which calls took how long, and who held the carriers")
    private boolean profile;

    @Option(names = "--profile-stats-count", paramLabel = "N",
            description = "how many lines of the profile (default: 20)")
    private Integer statsCount;

    @Option(names = "--trace-calls", paramLabel = "FILE", arity = "0..1", fallbackValue = OUT,
            description = "after the run, print each call and return, or write them to FILE")
    private String trace;

    @Option(names = "--jfr", paramLabel = "FILE", description = "keep the flight recording, for JDK Mission Control")
    private Path jfr;

    boolean modules() {
        return modules;
    }

    boolean sslContext() {
        return sslContext;
    }

    boolean socketClass() {
        return socketClass;
    }

    int statsCount() {
        return statsCount == null ? 20 : statsCount;
    }

    /** Where to keep the recording; null to delete it. */
    Path jfr() {
        return jfr;
    }

    /** Whether the run is to be recorded. */
    boolean record() {
        return profile || trace != null || jfr != null;
    }

    Set<Instrument> wanted() {
        Set<Instrument> wanted = EnumSet.noneOf(Instrument.class);
        if (profile) {
            wanted.add(Instrument.PROFILE);
        }
        if (trace != null) {
            wanted.add(Instrument.TRACE);
        }
        return wanted;
    }

    void check(Requirement line) {
        line.require(statsCount == null || profile, "--profile-stats-count is for --profile-code: give both");
        line.require(statsCount() >= 1, "--profile-stats-count takes a whole number from 1, not '" + statsCount + "'");
        line.require(jfr == null || canBeWritten(jfr),
                "--jfr " + jfr + " cannot be written: give a file in a folder that exists");
        line.require(trace == null || trace.equals(OUT) || canBeWritten(Path.of(trace)),
                "--trace-calls " + trace + " cannot be written: give a file in a folder that exists");
    }

    private static boolean canBeWritten(Path file) {
        return !Files.isDirectory(file)
                && Files.isWritable(Files.exists(file) ? file : file.toAbsolutePath().getParent());
    }

    /** The readings, but for a trace that has a file of its own: that is written there. */
    Readings withTraceInItsFile(Readings readings) throws IOException {
        if (trace == null || trace.equals(OUT)) {
            return readings;
        }
        Files.writeString(Path.of(trace), ReadingsText.trace(readings.trace()));
        return new Readings(readings.profile(), null, readings.holders());
    }
}
