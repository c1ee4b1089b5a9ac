package dev.cooperativetls.frontdoor;

import dev.cooperativetls.recorder.Instrument;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.report.VerdictTable;
import dev.cooperativetls.frontdoor.SideBySide.Lane;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.ServerProcess;
import dev.cooperativetls.verdict.StageRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.ProgramRefused;
import dev.cooperativetls.verdict.Start;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the front door. */
@Command(name = "run-stages", mixinStandardHelpOptions = true, versionProvider = RunStages.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Runs the stages against a local TLS server that delays, each in a JVM of its own,"
                + " and judges whether their waits overlapped.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every verdict is the stage's", "1:one is not, or a run broke", "2:bad usage"})
public final class RunStages implements Callable<Integer> {

    private static final BigDecimal LONGEST_DELAY = BigDecimal.valueOf(3600);
    /** In seconds: a shorter wait is lost in the time that a page takes anyhow. */
    private static final double SHORTEST_WAIT = 0.1;
    private static final Duration OWN_SERVERS_BOUND = Duration.ofMinutes(10);

    enum Protocol { https, http }

    enum Patch { on, off }

    enum LogLevel { ERROR, WARN, INFO, DEBUG, TRACE }

    @Spec
    private CommandSpec spec;

    @Option(names = "--stage", paramLabel = "N", split = ",", defaultValue = "0,1,2,3,4",
            description = "0 to 4, several as 0,3 (default: all)")
    private List<String> stages;

    @Option(names = "--read-call", paramLabel = "CALL",
            description = "${COMPLETION-CANDIDATES}: the call that the sockets' streams make (default: both)")
    private ReadCall readCall;

    @Option(names = "--count", paramLabel = "N", defaultValue = "10", description = "how many pages (default: 10)")
    private int count;

    @Option(names = "--delay", paramLabel = "SECONDS", defaultValue = "1",
            description = "how long the server holds each page; decimals are allowed (default: 1)")
    private BigDecimal delay;

    @Option(names = "--proto", paramLabel = "PROTOCOL", defaultValue = "https",
            description = "${COMPLETION-CANDIDATES} (default: https)")
    private Protocol protocol;

    @Option(names = "--url", paramLabel = "URL",
            description = "a server of your own, in place of the local one; pages are fetched with ?page=N added")
    private String url;

    @Option(names = "--ca-file", paramLabel = "FILE", description = "PEM file with the CAs to trust, for --url")
    private Path caFile;

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "carrier threads of the virtual threads (default: 1)")
    private int carriers;

    @Option(names = "--patch", paramLabel = "PATCH",
            description = "${COMPLETION-CANDIDATES}: stage-04 with its patch or without it (default: on)")
    private Patch patch;

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1",
            description = "how many runs side by side: any number of slow ones, which wait, and one of the fast"
                    + " (default: 1)")
    private int jobs;

    @Option(names = "--log-level", paramLabel = "LEVEL",
            description = "${COMPLETION-CANDIDATES}: what the program under test logs (default: WARN)")
    private LogLevel logLevel;

    @Mixin
    private InstrumentOptions instruments;

    @Mixin
    private ReportOptions report;

    private RunStages() {}

    public static void main(String... args) {
        System.exit(run(args));
    }

    /** Runs the command; the exit code. */
    static int run(String... args) {
        return new CommandLine(new RunStages())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((bad, _) -> complain(bad.getMessage() + " (see run-stages --help)", 2))
                .setExecutionExceptionHandler((failure, _, _) -> switch (failure) {
                    case ProgramRefused _ -> 2; // and has said why
                    case IOException _ -> complain(failure.getMessage(), 1);
                    default -> throw failure;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        report.check(this::require);
        if (report.rendersOnly()) {
            checkNothingElse();
            System.out.print(VerdictTable.of(report.render(this::require)));
            return 0;
        }
        List<Cell> cells = cells();
        checkNumbers();
        checkFiles();
        instruments.check(this::require, cells);
        Instrument.missing().ifPresent(why -> complain("warning: no culprit, profile, trace or recording: " + why, 0));
        instruments.prepare(Instrument.missing().isEmpty());
        List<Outcome> outcomes = new ArrayList<>();
        if (url == null) {
            SideBySide<Watched> runs = new SideBySide<>(LocalServer::new);
            for (Watched run : runs.run(cells, jobs)) {
                outcomes.add(new Outcome(run.cell, run.seen));
                if (jobs > 1) {
                    instruments.before(run.cell, run.start, System.out);
                    instruments.after(run.cell, run.seen, System.out);
                }
            }
        } else {
            for (Cell cell : cells) {
                Outcome outcome = new Outcome(cell,
                        watched(cell, program -> observeOwnServer(cell, program)).seen);
                if (outcome.seen().valid() == 0) {
                    return complain("%s: %s. Nothing was judged.".formatted(url, outcome.firstProblem()), 1);
                }
                if (outcome.seen().typicalWaitSeconds() < SHORTEST_WAIT) {
                    return complain(("%s answers at once, and without a wait nothing can overlap:"
                            + " give a URL that takes a second or so").formatted(url), 1);
                }
                outcomes.add(outcome);
            }
        }
        List<String> command = command();
        List<RunResult> results = outcomes.stream().map(outcome -> outcome.result(command)).toList();
        System.out.print(VerdictTable.of(results));
        report.write(results);
        List<Outcome> wrong = outcomes.stream().filter(outcome -> !outcome.asExpected()).toList();
        wrong.forEach(outcome -> complain(outcome.complaint(), 1));
        return wrong.isEmpty() ? 0 : 1;
    }

    private record Watched(Cell cell, Start start, Observation seen) {}

    /** A lane has a server of its own, whose count is that of one run at a time. */
    private final class LocalServer implements Lane<Watched> {

        private final DelayServer server =
                ServerProcess.start(root().resolve("common/experiment/tls-server/target/tls-server.jar"));

        LocalServer() throws IOException {}

        @Override
        public Watched run(Cell cell) throws IOException, InterruptedException {
            StageRun run = new StageRun(count, delay.doubleValue(), cell.readCall().toString(),
                    protocol == Protocol.https, carriers);
            return watched(cell, program -> run.observe(program, server));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private interface Run {
        Observation of(Observer program) throws IOException, InterruptedException;
    }

    /** What is printed before and after a run is printed at once if it is the only one. */
    private Watched watched(Cell cell, Run run) throws IOException, InterruptedException {
        Observer program = Observer.ofJar(cell.stage().jar(root(), cell.patched()));
        program.arguments(instruments.arguments(report.draws(), Instrument.missing().isEmpty()).toArray(String[]::new));
        AtomicReference<Start> started = new AtomicReference<>();
        Consumer<Start> onStart = start -> {
            started.set(start);
            if (jobs == 1) {
                instruments.before(cell, start, System.out);
            }
        };
        Observation seen;
        if (logLevel == null) {
            String terminal = jobs == 1 ? System.getProperty("cooperativetls.terminal", "") : "";
            try (Progress progress = Progress.of(cell, count, System.err, terminal)) {
                program.onStart(onStart.andThen(_ -> progress.begin()));
                seen = run.of(program.onPage(progress::page));
            }
        } else {
            System.err.println(cell);
            program.onStart(onStart);
            seen = run.of(program.arguments("--log-level", logLevel.name()));
        }
        if (jobs == 1) {
            instruments.after(cell, seen, System.out);
        }
        return new Watched(cell, started.get(), seen);
    }

    /** What the user typed. */
    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("./run-stages"));
        command.addAll(spec.commandLine().getParseResult().originalArgs());
        return command;
    }

    private Observation observeOwnServer(Cell cell, Observer program) throws IOException, InterruptedException {
        program.within(OWN_SERVERS_BOUND).arguments(
                "--url", url,
                "--url-count", Integer.toString(count),
                "--read-call", cell.readCall().toString(),
                "--carriers", Integer.toString(carriers));
        if (caFile != null) {
            program.arguments("--ca-file", caFile.toString());
        }
        return program.observe();
    }

    // What is asked for

    private List<Cell> cells() {
        boolean tls = url == null ? protocol == Protocol.https : !url.toLowerCase(Locale.ROOT).startsWith("http:");
        List<Cell> cells = new ArrayList<>();
        for (int number : stageNumbers()) {
            Stage stage = Stage.values()[number];
            for (ReadCall call : readCall == null ? EnumSet.allOf(ReadCall.class) : EnumSet.of(readCall)) {
                if (stage.readCalls().contains(call)) {
                    cells.add(new Cell(stage, call, patch != Patch.off, tls));
                }
            }
        }
        require(!cells.isEmpty(), () -> "stage-02 is not run with read-into: that is stage-03, with the same jars");
        require(patch == null || cells.stream().anyMatch(cell -> cell.stage().hasPatch()),
                () -> "--patch is for stage-04: only that one has a patch");
        return cells;
    }

    private Set<Integer> stageNumbers() {
        Set<Integer> numbers = new TreeSet<>();
        for (String stage : stages) {
            require(stage.matches("[0-4]"), () -> "--stage takes 0 to 4, several as 0,3, not '%s'".formatted(stage));
            numbers.add(Integer.valueOf(stage));
        }
        return numbers;
    }

    private void checkNumbers() {
        require(count >= 1, () -> "--count takes a whole number from 2, not '%d'".formatted(count));
        require(carriers >= 1, () -> "--carriers takes a whole number from 1, not '%d'".formatted(carriers));
        require(count > carriers, () -> ("--count %d is not more than the %d carrier%s: with a carrier for every page"
                + " none waits for another; ask for more pages").formatted(count, carriers, carriers == 1 ? "" : "s"));
        require(jobs >= 1, () -> "--jobs takes a whole number from 1, not '%d'".formatted(jobs));
        require(jobs == 1 || logLevel == null, () -> "--log-level is for one run at a time: leave out --jobs");
        require(jobs == 1 || url == null,
                () -> "--jobs gives each run a server of its own, and with --url there is one: leave out one of them");
        require(delay.signum() > 0 && delay.compareTo(LONGEST_DELAY) <= 0,
                () -> "--delay takes seconds, more than 0 and at most %s, not '%s'".formatted(LONGEST_DELAY, delay));
    }

    private void checkFiles() {
        var given = spec.commandLine().getParseResult();
        require(url == null || !given.hasMatchedOption("--proto") && !given.hasMatchedOption("--delay"),
                () -> "--url brings its own protocol and delay: leave out --proto and --delay");
        require(caFile == null || url != null, () -> "--ca-file is for --url: the local server's own CA is known");
    }

    private void checkNothingElse() {
        List<String> given = spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !name.equals("--render") && !name.equals("--report"))
                .toList();
        require(given.isEmpty(), () -> "--render runs nothing: leave out " + String.join(", ", given));
    }

    private void require(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise.get());
        }
    }

    private static int complain(String problem, int exitCode) {
        System.err.println("run-stages: " + problem);
        return exitCode;
    }

    private static Path root() {
        String root = System.getProperty("cooperativetls.root");
        if (root == null) {
            throw new IllegalStateException("start it with the script run-stages");
        }
        return Path.of(root);
    }

    /** The version that the jar's manifest gives. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"run-stages " + RunStages.class.getPackage().getImplementationVersion()};
        }
    }
}
