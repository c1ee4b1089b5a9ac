package dev.cooperativetls.bench;

import dev.cooperativetls.bench.Client.Round;
import dev.cooperativetls.server.DelayServer;
import java.io.IOException;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
        subcommands = Calls.class,
        description = "Measures what N pages at once take beside the one wait that they should take, for the stages"
                + " that cooperate, BouncyCastle's own sockets and java.net.http, side by side on one carrier each.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all was measured", "1:a page was invalid, or a run broke", "2:bad usage"})
public final class Bench implements Callable<Integer> {

    /** As many ports there are, as a rule, to connect to one server from. */
    private static final int MOST_PAGES = 28_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--pages", paramLabel = "N", split = ",", defaultValue = "1,10,100,1000,4000",
            description = "how many at once, several as 10,100 (default: ${DEFAULT-VALUE})")
    private List<Integer> pages;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "rounds in each fresh JVM; the first is the cold one (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--jvms", paramLabel = "N", defaultValue = "3",
            description = "fresh JVMs for each client and N, in turn with the others' (default: ${DEFAULT-VALUE})")
    private int jvms;

    @Option(names = "--delay", paramLabel = "SECONDS", defaultValue = "1",
            description = "how long the server holds each page; decimals are allowed (default: ${DEFAULT-VALUE})")
    private BigDecimal delay;

    @Option(names = "--no-memory",
            description = "leave out what waiting pages hold: it takes a JVM and a server more for each client and N")
    private boolean noMemory;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures, an array with an object for each")
    private Path json;

    @Option(names = "--picture", paramLabel = "FILE", description = "draw the overhead against N, as SVG")
    private Path picture;

    private Bench() {}

    public static void main(String... arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command; the exit code. */
    static int run(String... arguments) {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((bad, _) -> complain(bad.getMessage() + " (see bench --help)", 2))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    if (failure instanceof IOException) {
                        return complain(failure.getMessage(), 1);
                    }
                    throw failure;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(!pages.isEmpty() && pages.stream().allMatch(each -> each >= 1 && each <= MOST_PAGES),
                "--pages takes numbers from 1 to " + MOST_PAGES);
        require(rounds >= 1 && jvms >= 1, "--rounds and --jvms take a number from 1");
        require(delay.signum() > 0 && delay.compareTo(BigDecimal.valueOf(3600)) <= 0,
                "--delay takes seconds, more than 0 and at most 3600");
        requireFolder("--json", json);
        requireFolder("--picture", picture);
        Results results = measure(new MeasuredProcess(root()));
        System.out.print(results.table());
        if (json != null) {
            Files.writeString(json, results.json() + "\n");
        }
        if (picture != null) {
            Files.writeString(picture, new OverheadChart(results).svg());
        }
        return 0;
    }

    private Results measure(MeasuredProcess process) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        try (DelayServer server = process.startServer()) {
            warmUp(process, server);
            for (int count : new TreeSet<>(pages)) {
                Map<Contestant, List<List<Round>>> measured = new EnumMap<>(Contestant.class);
                for (int jvm = 0; jvm < jvms; jvm++) {
                    for (Contestant contestant : inTurn(jvm)) {
                        System.err.printf("%d pages, JVM %d of %d: %s%n", count, jvm + 1, jvms, contestant);
                        List<Round> found = process.rounds(contestant, server, delay, count, rounds);
                        requireValid(found, contestant, count);
                        measured.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(found);
                    }
                }
                for (Contestant contestant : Contestant.values()) {
                    Memory memory = noMemory ? null : process.memory(contestant, count);
                    results.add(Result.of(contestant, count, delay.doubleValue(), measured.get(contestant), memory));
                }
            }
        }
        return new Results(results);
    }

    /** The server's own cold start is nobody's overhead. */
    private void warmUp(MeasuredProcess process, DelayServer server) throws IOException, InterruptedException {
        int most = Math.min(Collections.max(pages), 1_000);
        process.rounds(Contestant.STAGE_00, server, new BigDecimal("0.01"), most, 2);
    }

    /** Another begins each time, so that none always follows the same. */
    private static List<Contestant> inTurn(int jvm) {
        List<Contestant> contestants = new ArrayList<>(List.of(Contestant.values()));
        Collections.rotate(contestants, -jvm);
        return contestants;
    }

    private static void requireValid(List<Round> rounds, Contestant contestant, int pages) throws IOException {
        for (Round round : rounds) {
            if (round.valid() != pages) {
                throw new IOException("%s: only %d of %d pages are valid; enough file descriptors? (ulimit -n)"
                        .formatted(contestant, round.valid(), pages));
            }
        }
    }

    /** The repository, in which this jar lies in common/tools/bench/target. */
    static Path root() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        if (!Files.isRegularFile(root.resolve("common/tools/bench/target/bench.jar"))) {
            throw new IOException("start it in the repository's top folder, after mvn package");
        }
        return root;
    }

    private void requireFolder(String option, Path file) {
        require(file == null || Files.isDirectory(file.toAbsolutePath().getParent()) && !Files.isDirectory(file),
                "%s takes a file in a folder that is there, not '%s'".formatted(option, file));
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
