package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.BadUsage;
import dev.cooperativetls.events.FlightRecording;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.frontdoor.FrontDoor;
import dev.cooperativetls.frontdoor.OutputFiles;
import dev.cooperativetls.frontdoor.SideBySide;
import dev.cooperativetls.frontdoor.VerdictTable;
import dev.cooperativetls.report.RunResults;
import dev.cooperativetls.server.Delay;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.ServerProcess;
import dev.cooperativetls.verdict.FetchRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.ProgramRefused;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the experiment. */
@Command(name = "run-stages", mixinStandardHelpOptions = true, versionProvider = RunStages.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Runs the stages against a local TLS server that delays its answers, each run in a new JVM, and"
                + " judges whether the waits of virtual threads overlap.",
        exitCodeOnExecutionException = FrontDoor.NO_VERDICT, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Every verdict is as expected.",
            "1:A verdict is not as expected, or has changed since the results of --compare.", "2:Bad usage.",
            "3:There is no verdict because a page or a run failed, --compare found no run that is in both results, or"
                + " an output could not be written."})
public final class RunStages implements Callable<Integer> {

    private static final String STAGES_CLIENT = "httpclient5";
    private static final Duration OWN_SERVERS_TIMEOUT = Duration.ofMinutes(10);

    enum Protocol { https, http }

    enum Patch { on, off }

    enum LogLevel { ERROR, WARN, INFO, DEBUG, TRACE }

    @Spec
    private CommandSpec spec;

    @Option(names = "--stage", paramLabel = "N", split = ",",
            description = "The numbers of the stages, separated by commas, such as 0,3 (default: all).")
    private List<String> stages;

    @Option(names = "--read-call", paramLabel = "CALL",
            description = "The read call that the sockets' streams make: read, read-into (default: both).")
    private String readCall;

    @Option(names = "--client", paramLabel = "NAME", defaultValue = STAGES_CLIENT,
            description = "The HTTP client: httpclient5, okhttp, java.net.http, http-url-connection. Only with the"
                    + " default is a verdict expected (default: ${DEFAULT-VALUE}).")
    private String client;

    @Option(names = "--http1", description = "Offer HTTP/1.1 only, even if the client can do HTTP/2.")
    private boolean http1;

    @Option(names = "--count", paramLabel = "N", defaultValue = "10",
            description = "The number of pages (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--delay", paramLabel = "SECONDS", defaultValue = "1",
            description = "The delay of each answer, from 0.1 to 3600; decimals are allowed"
                    + " (default: ${DEFAULT-VALUE}).")
    private BigDecimal delay;

    @Option(names = "--proto", paramLabel = "PROTOCOL", defaultValue = "https",
            description = "The protocol: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Protocol protocol;

    @Option(names = "--url", paramLabel = "URL",
            description = "An http or https URL of your own server. The URL of page N is this URL with ?page=N or"
                    + " &page=N added (default: the local server).")
    private String url;

    @Option(names = "--ca-file", paramLabel = "FILE",
            description = "A PEM file with the CAs to trust, for --url (default: the JVM's trust store).")
    private Path caFile;

    @Option(names = "--no-warm-up", description = "Make no request before the clock of a run starts (default: one"
            + " GET of /).")
    private boolean noWarmUp;

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "The number of carrier threads (default: ${DEFAULT-VALUE}).")
    private int carriers;

    @Option(names = "--patch", paramLabel = "PATCH",
            description = "Run stage-04 with or without its patch: ${COMPLETION-CANDIDATES} (default: on).")
    private Patch patch;

    @Option(names = "--jobs", paramLabel = "N",
            description = "The greatest number of concurrent runs (default: all slow runs, which only wait, and one"
                    + " fast run; one run with --url or --log-level).")
    private Integer jobs;

    @Option(names = "--log-level", paramLabel = "LEVEL",
            description = "The log level of the program under test: ${COMPLETION-CANDIDATES} (default: WARN).")
    private LogLevel logLevel;

    @Mixin
    private InstrumentOptions instruments;

    @Mixin
    private ReportOptions report;

    private RunStages() {}

    public static void main(String... args) {
        System.exit(run(args));
    }

    /** Runs the command and returns its exit code. */
    static int run(String... args) {
        int exitCode = new CommandLine(new RunStages())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(
                        (bad, _) -> complain(BadUsage.message(bad) + " (see run-stages --help)", 2))
                .setExecutionExceptionHandler((failure, _, _) -> switch (failure) {
                    case ProgramRefused _ -> 2; // the program has printed the reason
                    case IOException _, UncheckedIOException _ -> complain(failure.getMessage(), FrontDoor.NO_VERDICT);
                    default -> throw failure;
                })
                .execute(args);
        return System.out.checkError()
                ? complain("standard output could not be written", FrontDoor.NO_VERDICT) : exitCode;
    }

    private List<Stage> known;

    @Override
    public Integer call() throws IOException, InterruptedException {
        report.check(this::require);
        OutputFiles files = new OutputFiles(RunStages::complain);
        if (report.rendersOnly()) {
            checkNothingElse();
            RunResults saved = report.saved(this::require);
            System.out.print(VerdictTable.of(saved.runs()));
            int compared = report.render(saved, files);
            return files.lost() ? FrontDoor.NO_VERDICT : compared;
        }
        known = Stage.all(FrontDoor.root());
        List<Cell> cells = cells();
        checkNumbers();
        checkFiles();
        instruments.check(this::require, cells);
        FlightRecording.missing()
                .ifPresent(why -> complain("warning: no culprit, profile, trace or recording: " + why));
        instruments.prepare(FlightRecording.missing().isEmpty(), files);
        List<Outcome> outcomes = url == null ? onLocalServer(cells) : onOwnServer(cells);
        for (Outcome outcome : outcomes) {
            instruments.before(outcome, System.out);
            instruments.after(outcome, System.out);
        }
        RunResults results = new RunResults(
                ResultsHead.now("run-stages", FetchRun.JVM_OPTIONS, noWarmUp ? "none" : ResultsHead.ONE_REQUEST,
                        command()),
                outcomes.stream().map(outcome -> outcome.result(client)).toList());
        System.out.print(VerdictTable.of(results.runs()));
        int compared = report.write(results, files);
        List<Outcome> wrong = outcomes.stream().filter(outcome -> !outcome.asExpected()).toList();
        wrong.forEach(outcome -> complain(outcome.complaint()));
        boolean broken = files.lost() || compared == FrontDoor.NO_VERDICT
                || wrong.stream().anyMatch(outcome -> outcome.seen().verdict().isEmpty());
        return broken ? FrontDoor.NO_VERDICT : wrong.isEmpty() ? compared : 1;
    }

    private List<Outcome> onLocalServer(List<Cell> cells) throws IOException, InterruptedException {
        try (DelayServer server =
                ServerProcess.start(FrontDoor.root().resolve("common/experiment/tls-server/target/tls-server.jar"))) {
            return observed(cells, (cell, program) -> fetchRun(cell).observe(program, server));
        }
    }

    private List<Outcome> onOwnServer(List<Cell> cells) throws IOException, InterruptedException {
        return observed(cells, (cell, program) -> {
            fetchRun(cell).configure(program.within(OWN_SERVERS_TIMEOUT), url);
            if (caFile != null) {
                program.arguments("--ca-file", caFile.toString());
            }
            Observation seen = program.observe();
            if (seen.valid() == 0) {
                throw new IOException(
                        "%s: %s. There is no verdict.".formatted(url, seen.firstProblem().orElse("unknown")));
            }
            if (seen.typicalWaitSeconds() < FrontDoor.SHORTEST_DELAY.doubleValue()) {
                throw new IOException(("%s answers too soon, and without waits nothing can overlap:"
                        + " give a URL that answers after about a second").formatted(url));
            }
            return seen;
        });
    }

    private interface Run {
        Observation of(Cell cell, Observer program) throws IOException, InterruptedException;
    }

    /** Makes the runs, and shows their progress unless the program's log is shown. */
    private List<Outcome> observed(List<Cell> cells, Run run) throws IOException, InterruptedException {
        try (Progress progress = logLevel == null
                ? Progress.of(count, System.err, System.getProperty("cooperativetls.terminal", ""))
                : Progress.none()) {
            var disclosed = new AtomicBoolean(logLevel != null); // the log shows the warm-up
            return SideBySide.run(cells, jobs(), Cell::isSlow, (cell, turn) -> {
                Observer program = program(cell);
                instruments.configure(program, report.draws(), FlightRecording.missing().isEmpty());
                if (logLevel != null) {
                    System.err.println(cell);
                    program.arguments("--log-level", logLevel.name());
                }
                if (noWarmUp) {
                    program.arguments("--no-warm-up");
                }
                var started = new AtomicReference<Start>();
                program.onStart(start -> {
                    started.set(start);
                    if (disclosed.compareAndSet(false, true)) {
                        System.err.printf("Each run is a new JVM with %s%s.%n", String.join(" ", FetchRun.JVM_OPTIONS),
                                noWarmUp ? "" : ", which makes one request before its clock starts (see --no-warm-up)");
                    }
                    progress.begin(cell);
                    turn.begun();
                }).onPage(page -> progress.page(cell, page)).onEnd(_ -> turn.over()).startsAfter(turn::await);
                Observation seen = run.of(cell, program);
                progress.end(cell);
                return new Outcome(cell, started.get(), seen);
            });
        }
    }

    /** Returns the greatest number of concurrent runs. Logs and a server of the user allow one run at a time. */
    private int jobs() {
        return jobs != null ? jobs : logLevel == null && url == null ? Integer.MAX_VALUE : 1;
    }

    private FetchRun fetchRun(Cell cell) {
        return new FetchRun(count, delay.doubleValue(), cell.readCall(), protocol == Protocol.https, carriers, client,
                http1, true, false);
    }

    /** Returns the program of a cell: the stage's jar, and the jars before and after it on the class path. */
    private Observer program(Cell cell) throws IOException {
        List<String> classPath = new ArrayList<>();
        Path jar = cell.stage().jar(FrontDoor.root());
        if (!Files.exists(jar)) {
            throw new IOException("%s is not built: run mvn package".formatted(jar));
        }
        if (!cell.patched()) {
            classPath.add(FrontDoor.root().resolve(cell.stage().patchOff().jar()).toString());
        }
        classPath.add(jar.toString());
        if (!client.equals(STAGES_CLIENT)) {
            Path clients = FrontDoor.root().resolve("common/experiment/http-clients/target");
            classPath.addAll(List.of(clients.resolve("http-clients.jar").toString(), clients + "/lib/*"));
        }
        return classPath.size() == 1 ? Observer.ofJar(jar)
                : Observer.ofClassPath(String.join(File.pathSeparator, classPath), FetchRun.PROGRAM)
                        // The same options as in the manifest of a stage's jar.
                        .jvmOptions("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED");
    }

    /** Returns the command line, as the user typed it. */
    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("./run-stages"));
        command.addAll(spec.commandLine().getParseResult().originalArgs());
        return command;
    }

    // The command line

    private List<Cell> cells() {
        boolean tls = url == null ? protocol == Protocol.https : !url.toLowerCase(Locale.ROOT).startsWith("http:");
        List<String> calls = readCall == null ? Stage.READ_CALLS : List.of(checkedReadCall());
        List<Cell> cells = new ArrayList<>();
        List<Stage> chosen = chosen();
        for (Stage stage : chosen) {
            Stage like = patch != Patch.off || stage.patchOff() == null ? stage : named(stage.patchOff().like());
            calls.stream().filter(stage.verdicts()::containsKey).forEach(call ->
                    cells.add(new Cell(stage, like, call, tls, client.equals(STAGES_CLIENT))));
        }
        require(!cells.isEmpty(), () -> "%s is not run with read call %s: its %s has no verdict for this call"
                .formatted(chosen.getFirst(), calls.getFirst(), Stage.FILE));
        require(patch == null || cells.stream().anyMatch(cell -> cell.stage().patchOff() != null),
                () -> "--patch is for a stage that has a patch: %s".formatted(
                        known.stream().filter(stage -> stage.patchOff() != null).toList()));
        return cells;
    }

    private String checkedReadCall() {
        return Stage.READ_CALLS.stream().filter(call -> call.equalsIgnoreCase(readCall.replace("-", ""))).findFirst()
                .orElseThrow(() -> new ParameterException(spec.commandLine(),
                        "--read-call must be read or read-into, not '%s'".formatted(readCall)));
    }

    private List<Stage> chosen() {
        for (String number : stages == null ? List.<String>of() : stages) {
            require(known.stream().anyMatch(stage -> Integer.toString(stage.number()).equals(number)),
                    () -> "--stage must be one of %s, or several such as 0,3, not '%s'".formatted(known.stream()
                            .map(stage -> Integer.toString(stage.number())).collect(Collectors.joining(", ")), number));
        }
        return known.stream().filter(stage -> stages == null
                || stages.contains(Integer.toString(stage.number()))).toList();
    }

    private Stage named(String name) {
        return known.stream().filter(stage -> stage.name().equals(name)).findFirst()
                .orElseThrow(() -> new ParameterException(spec.commandLine(),
                        "a %s has patch-off.like = %s, but there is no such stage".formatted(Stage.FILE, name)));
    }

    private void checkNumbers() {
        require(count >= 2, () -> "--count must be a whole number from 2, not '%s'".formatted(count));
        require(carriers >= 1, () -> "--carriers must be a whole number from 1, not '%s'".formatted(carriers));
        require(count > carriers, () -> ("--count %s is not more than the %s carrier%s: with a carrier for every page"
                + " no page waits for another; give more pages").formatted(count, carriers, carriers == 1 ? "" : "s"));
        require(jobs == null || jobs >= 1, () -> "--jobs must be a whole number from 1, not '%s'".formatted(jobs));
        require(jobs() == 1 || logLevel == null, () -> "--log-level is for one run at a time: leave out --jobs");
        require(jobs() == 1 || url == null,
                () -> "--jobs is for the local server, which counts each run separately: leave out --jobs or --url");
        require(delay.compareTo(FrontDoor.SHORTEST_DELAY) >= 0 && Delay.isServed(delay),
                () -> "--delay must be a number of seconds from %s to %s, with at most %s decimals, not '%s'"
                        .formatted(FrontDoor.SHORTEST_DELAY, Delay.LONGEST_SECONDS, Delay.MOST_DECIMALS, delay));
    }

    private void checkFiles() {
        var given = spec.commandLine().getParseResult();
        require(url == null || !given.hasMatchedOption("--proto") && !given.hasMatchedOption("--delay"),
                () -> "--url has its own protocol and delay: leave out --proto and --delay");
        require(caFile == null || url != null, () -> "--ca-file is for --url: the CA of the local server is known");
    }

    private void checkNothingElse() {
        List<String> given = spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !Set.of("--render", "--report", "--compare").contains(name))
                .toList();
        require(given.isEmpty(), () -> "--render runs nothing: leave out " + String.join(", ", given));
    }

    private void require(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise.get());
        }
    }

    private static void complain(String problem) {
        System.err.println("run-stages: " + problem);
    }

    private static int complain(String problem, int exitCode) {
        complain(problem);
        return exitCode;
    }

    /** The version that the jar's manifest gives. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"run-stages " + RunStages.class.getPackage().getImplementationVersion()};
        }
    }
}
