package dev.cooperativetls.bench;

import dev.cooperativetls.events.BadUsage;
import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.server.Delay;
import dev.cooperativetls.server.DelayServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
        subcommands = Calls.class,
        description = "Measures how much longer than one delay N concurrent pages take, for three stages and for"
                + " java.net.http. Each candidate runs in new JVMs, on one carrier thread.",
        exitCodeOnExecutionException = Bench.NO_FIGURES, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:All was measured.", "1:Not used, because no figure is expected.", "2:Bad usage.",
            "3:There are no figures because a page was invalid, a run failed or a jar is not built; or an output could"
                + " not be written."})
public final class Bench implements Callable<Integer> {

    /** About the number of ports that Linux has for connections to one server. */
    private static final int MOST_PAGES = 28_000;

    /** The exit code if there are no figures, or if an output is missing. */
    static final int NO_FIGURES = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--pages", paramLabel = "N", split = ",", defaultValue = "1,10,100,1000,4000",
            description = "The numbers of concurrent pages, separated by commas (default: ${DEFAULT-VALUE}).")
    private List<Integer> pages;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "The number of rounds in each JVM, the cold one included (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--jvms", paramLabel = "N", defaultValue = "3",
            description = "The number of JVMs for each candidate and number of pages (default: ${DEFAULT-VALUE}).")
    private int jvms;

    @Option(names = "--delay", paramLabel = "SECONDS", defaultValue = "1",
            description = "The delay of each answer, at most 3600; decimals are allowed (default: ${DEFAULT-VALUE}).")
    private BigDecimal delay;

    @Option(names = "--no-memory", description = "Do not measure memory. Memory needs one more JVM and server for each"
            + " candidate and each number of pages from " + Result.LEAST_PAGES_FOR_SHARES + ".")
    private boolean noMemory;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Also write the figures to this file, as JSON, with where and how they were measured.")
    private Path json;

    @Option(names = "--picture", paramLabel = "FILE",
            description = "Also draw the overhead against the number of pages into this file, as SVG.")
    private Path picture;

    private Bench() {}

    public static void main(String... arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command. Returns the exit code. */
    static int run(String... arguments) {
        int exitCode = new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((bad, _) -> complain(BadUsage.message(bad) + " (see bench --help)", 2))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
                        return complain(failure.getMessage(), NO_FIGURES);
                    }
                    throw failure; // a bug, whose stack trace picocli prints
                })
                .execute(arguments);
        return System.out.checkError() ? complain("standard output could not be written", NO_FIGURES) : exitCode;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(!pages.isEmpty() && pages.stream().allMatch(each -> each >= 1 && each <= MOST_PAGES),
                "--pages must be whole numbers from 1 to " + MOST_PAGES);
        require(rounds >= 1 && jvms >= 1, "--rounds and --jvms must be whole numbers from 1");
        require(Delay.isServed(delay),
                "--delay must be a number of seconds, more than 0 and at most %s, with at most %s decimals"
                        .formatted(Delay.LONGEST_SECONDS, Delay.MOST_DECIMALS));
        requireWritable("--json", json);
        requireWritable("--picture", picture);
        for (Candidate candidate : Candidate.values()) {
            candidate.classPath(); // fails now instead of in the middle of the run
        }
        Results results = measure();
        System.out.print(results.tables());
        boolean written = written("--json", json, () -> results.json(head()));
        return written("--picture", picture, () -> new OverheadChart(results).svg()) && written ? 0 : NO_FIGURES;
    }

    /** Writes a file unless it is null. Returns false if it could not be written. */
    private static boolean written(String option, Path file, Supplier<String> content) {
        try {
            if (file != null) {
                Files.writeString(file, content.get());
            }
            return true;
        } catch (IOException e) {
            complain(FileProblem.notWritten(option, file, e), NO_FIGURES);
            return false;
        }
    }

    private ResultsHead head() {
        List<String> command = new ArrayList<>(List.of("java", "-jar", "common/tools/bench/target/bench.jar"));
        command.addAll(spec.commandLine().getParseResult().originalArgs());
        return ResultsHead.now("bench", MeasuredProcess.OPTIONS_OF_STAGES, ResultsHead.ONE_REQUEST, command);
    }

    private Results measure() throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        try (DelayServer server = MeasuredProcess.startServer()) {
            warmUp(server);
            for (int count : new TreeSet<>(pages)) {
                var measured = rounds(server, count);
                Result stage00 = null;
                for (Candidate candidate : Candidate.values()) {
                    var waiting = noMemory || count < Result.LEAST_PAGES_FOR_SHARES ? null
                            : MeasuredProcess.footprint(candidate, count);
                    var result = Result.of(candidate, count, delay.doubleValue(), measured.get(candidate), waiting,
                            stage00);
                    stage00 = candidate == Candidate.STAGE_00 ? result : stage00;
                    results.add(result);
                }
            }
        }
        return new Results(results);
    }

    /** Runs two rounds of stage-00 that do not count, to warm up the server's JVM. */
    private void warmUp(DelayServer server) throws IOException, InterruptedException {
        MeasuredProcess.rounds(Candidate.STAGE_00, server, new BigDecimal("0.01"),
                Math.min(Collections.max(pages), 1_000), 2);
    }

    /** Returns the rounds of each candidate's JVMs. The candidates take turns, and each turn starts with another. */
    private Map<Candidate, List<List<Round>>> rounds(DelayServer server, int count)
            throws IOException, InterruptedException {
        var measured = new EnumMap<Candidate, List<List<Round>>>(Candidate.class);
        for (int jvm = 0; jvm < jvms; jvm++) {
            var turn = new ArrayList<>(List.of(Candidate.values()));
            Collections.rotate(turn, -jvm);
            for (Candidate candidate : turn) {
                System.err.printf("%s pages, JVM %s of %s: %s%n", count, jvm + 1, jvms, candidate);
                measured.computeIfAbsent(candidate, _ -> new ArrayList<>())
                        .add(MeasuredProcess.rounds(candidate, server, delay, count, rounds));
            }
        }
        return measured;
    }

    private void requireWritable(String option, Path file) {
        if (file != null) {
            FileProblem.ofWriting(option, file).ifPresent(problem -> require(false, problem));
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static int complain(String problem, int exitCode) {
        System.err.println("bench: " + problem);
        return exitCode;
    }
}
