package dev.cooperativetls.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.altprovider.AltProvider;
import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.InFlightRequests;
import dev.cooperativetls.server.TlsServer;
import dev.cooperativetls.testkit.ReadmePart;
import dev.cooperativetls.verdict.FetchRun;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs each program under each detector, in a new JVM. With {@code -Dreadmes.update=true} it regenerates the tables of
 * the READMEs.
 */
@Tag("long")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DetectorsIT {

    private static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();
    private static final String HEAD = Stream.of(WatchedProgram.values()).map(WatchedProgram::toString)
            .collect(Collectors.joining(" | ", "| detector | ", " |\n|---|---|---|---|---|\n"));

    /** The line below the table. */
    private static final String TODAY = "*Output of today.*";

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

    /** The rows that were measured. Each is measured once, although several tests need it. */
    private static final Map<Detectors, List<String>> ROWS = new ConcurrentHashMap<>();

    @AutoClose
    private static DelayServer server;

    @BeforeAll
    static void start_server() throws IOException {
        server = TlsServer.start();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            HELIDON | - | fails: `Pin.compare` | - | -
            QUARKUS | - | fails: `Pin.compare` | - | -
            LOOM_UNIT | - | fails: `Pin.compare` | - | -
            MICROMETER | queued > 0 | pinned > 0, queued > 0 | queued > 0 | -
            BLOCK_HOUND | - | throws: `Unsafe.park` below `Pin.compare` | - | throws: `FileInputStream.readBytes`
            BLOCK_HOUND_BY_HAND | throws: `Poll.poll` | throws: `Unsafe.park` below `Pin.compare` | - \
            | throws: `FileInputStream.readBytes`
            PINNED_THREADS | - | lists `Pin.compare` | - | -
            NATIVE_METHODS | lists `LambdaForm$MH.invoke` | - | - | lists `EPoll.wait`
            SCHEDULER_BEAN | queued > 0 | queued > 0 | queued > 0 | -
            OUR_JUDGE | SLOW, native: `Poll.poll` | SLOW, pinned: `Pin.sort` \
            | SLOW, computing: `Computation.compute` | FAST
            """)
    void a_detector_reports(Detectors detector, String nativeWait, String pin, String computing, String nothing)
            throws Exception {
        assertThat(row(detector)).containsExactly(nativeWait, pin, computing, nothing);
    }

    @Test
    void the_readme_has_what_was_measured() throws Exception {
        StringBuilder table = new StringBuilder("\n" + HEAD);
        for (Detectors detector : Detectors.values()) {
            table.append("| %s | %s |\n".formatted(detector.detector().title(), String.join(" | ", row(detector))));
        }
        table.append("\n").append(ReadmePart.dated(TODAY)).append("\n");
        part(Path.of("README.md")).assertShows(table.toString(), ReadmePart::dated);
    }

    /** The cells of that table have one or two words. */
    @Test
    void the_root_readme_has_the_same_in_short() throws Exception {
        StringBuilder table = new StringBuilder("\n" + HEAD);
        for (Detectors detector : Detectors.values()) {
            table.append("| %s | %s |\n".formatted(
                    detector.detector().title().replace("../verdict", "common/judge/verdict"),
                    row(detector).stream().map(DetectorsIT::inShort).collect(Collectors.joining(" | "))));
        }
        part(ROOT.resolve("README.md")).assertShows(table + "\n", UnaryOperator.identity());
    }

    private static ReadmePart part(Path readme) {
        return new ReadmePart(readme.toAbsolutePath(), "DetectorsIT");
    }

    private static String inShort(String cell) {
        return cell.matches(".*`(Poll|Pin|Computation)\\.\\w+`.*") ? "**named**"
                : cell.matches("-|FAST") ? "-" : "a sign";
    }

    private static List<String> row(Detectors detector) throws IOException, InterruptedException {
        synchronized (detector) {
            List<String> row = ROWS.get(detector);
            if (row == null) {
                row = new ArrayList<>();
                for (WatchedProgram program : WatchedProgram.values()) {
                    row.add(report(detector, program));
                }
                ROWS.put(detector, row);
            }
            return row;
        }
    }

    private static String report(Detectors detector, WatchedProgram program) throws IOException, InterruptedException {
        String run = (detector + "-" + program.name()).replace('_', '-');
        List<String> command = new ArrayList<>(WatchedJvm.OPTIONS);
        command.addAll(FetchRun.JVM_OPTIONS);
        command.addAll(detector.detector().jvmOptions());
        if (program.fetches()) {
            command.add("-Dprogram.url=%s/delay/%s?run=%s".formatted(server.httpsUrl(), program.delay(), run));
            command.add("-Dprogram.ca-file=" + server.caFile());
        }
        command.addAll(List.of("-cp", classPath(program), WatchedJvm.class.getName(), detector.name(), program.name()));
        Queue<String> errors = new ConcurrentLinkedQueue<>();
        try (ChildJvm child = ChildJvm.start(ChildJvm.OWN_JDK, command, errors::add)) {
            String report = report(child, run, program);
            assertThat(report).as("%s, %s: %s", detector, program, String.join("\n", errors)).isNotNull();
            assertThat(server.inFlight(run).peak()).as("requests in flight: %s, %s", detector, program)
                    .isEqualTo(program.peak());
            return report;
        }
    }

    /** Returns the report of the child; null if it ends without a report. */
    private static String report(ChildJvm child, String run, WatchedProgram program)
            throws IOException, InterruptedException {
        boolean mustBeSignalled = program.fetches();
        while (true) {
            boolean alive = child.isAlive();
            Optional<String> line = child.readLine(alive ? PAUSE : LAST_OUTPUT);
            if (line.isPresent() && line.get().startsWith(WatchedJvm.REPORT)) {
                return line.get().substring(WatchedJvm.REPORT.length());
            }
            if (line.isEmpty() && !alive) {
                return null;
            }
            if (mustBeSignalled) {
                InFlightRequests requests = server.inFlight(run);
                assertThat(requests.served()).as("pages served before %s wait at the same time", program.peak())
                        .isLessThan(WatchedProgram.PAGES);
                if (isAtItsHeight(requests, program)) {
                    mustBeSignalled = false;
                    child.writeLine("");
                }
            }
        }
    }

    private static boolean isAtItsHeight(InFlightRequests requests, WatchedProgram program) {
        return requests.now() == program.peak() && (program == WatchedProgram.NOTHING || requests.served() > 0);
    }

    /** Returns the class path of a program. That of stage-00 does not have the provider of stage-01. */
    private static String classPath(WatchedProgram program) throws IOException {
        Path provider = jar(AltProvider.class);
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> program != WatchedProgram.NOTHING || !Path.of(entry).equals(provider))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path jar(Class<?> of) throws IOException {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
