package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.frontdoor.FrontDoor;
import dev.cooperativetls.frontdoor.OutputFiles;
import dev.cooperativetls.frontdoor.Requirement;
import dev.cooperativetls.frontdoor.SideBySide;
import dev.cooperativetls.frontdoor.judge.StackRow.Asked;
import dev.cooperativetls.server.Delay;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.ServerProcess;
import dev.cooperativetls.verdict.Control;
import dev.cooperativetls.verdict.FetchRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.ProgramRefused;
import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that judges a TLS provider under HTTP clients. */
@Command(name = "stack", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        description = "Runs a TLS provider under HTTP clients, against a local TLS server that delays its answers, and"
                + " judges whether the waits of virtual threads overlap. Each client also runs on the JDK's own TLS.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Every verdict is as expected.", "1:A verdict is not as expected.", "2:Bad usage.",
            "3:There is no verdict for a client, or an output could not be written."})
final class JudgeStack implements Callable<Integer>, Requirement {

    private static final String JDKS_OWN = "SunJSSE";
    /** The JDK that the program is compiled for. */
    private static final int OLDEST_JDK = 25;
    /** The time that a run may need in addition to its waits. */
    private static final Duration BESIDES = Duration.ofSeconds(20);
    private static final Duration LONGEST_LISTING = Duration.ofSeconds(30);

    enum Format { text, json, junit }

    @Spec
    private CommandSpec spec;

    @Option(names = "--jars", paramLabel = "PATH", description = "The jars of the provider and of its dependencies: a"
            + " folder of jars, or a class path; may be repeated.")
    private List<String> jars = List.of();

    @Option(names = "--provider", paramLabel = "NAME", description = "The provider's class, or its name if it is a"
            + " service or part of the JDK; may be repeated. The first is judged, and the others are installed after it"
            + " (default: the only provider that --jars lists as a service).")
    private List<String> providers = List.of();

    @Option(names = "--setup", paramLabel = "CLASS",
            description = "A Runnable on --jars that runs before the provider is created.")
    private String setup;

    @Option(names = "--client", paramLabel = "NAME", description = "An HTTP client: httpclient5, okhttp, java.net.http,"
            + " http-url-connection, or a class on --jars; may be repeated (default: all four).")
    private List<String> clients = List.of();

    @Option(names = "--channel-sockets", description = "Give the clients plain sockets that have a SocketChannel"
            + " (default: ordinary sockets).")
    private boolean channelSockets;

    @Option(names = "--insecure", description = "Trust any certificate and any host name.")
    private boolean insecure;

    @Option(names = "--java", paramLabel = "HOME", description = "The folder of the JDK to run on, 25 or later; may be"
            + " repeated (default: the JDK of the build).")
    private List<Path> javaHomes = List.of();

    @Option(names = "--jvm-option", paramLabel = "OPTION", description = "An option for the judged JVMs, such as"
            + " --jvm-option=--add-opens=java.base/java.net=ALL-UNNAMED; may be repeated.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--count", paramLabel = "N", defaultValue = "10",
            description = "The number of pages (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--delay", paramLabel = "SECONDS", defaultValue = "1",
            description = "The delay of each answer, from 0.1 to 3600; decimals are allowed"
                    + " (default: ${DEFAULT-VALUE}).")
    private BigDecimal delay;

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "The number of carrier threads (default: ${DEFAULT-VALUE}).")
    private int carriers;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "A run that is not done after this time is HUNG;"
            + " decimals are allowed (default: 20 s more than twice the sum of all delays).")
    private BigDecimal timeout;

    @Option(names = "--expect", paramLabel = "VERDICT", defaultValue = "FAST",
            description = "The expected verdict, which decides the exit code: ${COMPLETION-CANDIDATES}"
                    + " (default: ${DEFAULT-VALUE}).")
    private Verdict expected;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text",
            description = "The form of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file, as JSON; - is"
            + " the same as --format json.")
    private Path json;

    @Option(names = "--report", paramLabel = "DIR", description = "Also draw the results as a page, DIR/index.html, and"
            + " write them to DIR/results.json.")
    private Path page;

    @Option(names = "--jfr", paramLabel = "DIR",
            description = "Also keep the flight recordings of the runs with the provider in DIR.")
    private Path recordings;

    private JudgeStack() {}

    private final OutputFiles files = new OutputFiles(problem -> Judge.complain(problem, 0));
    private UserJars userJars;
    private Duration bound;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        List<Path> homes = javaHomes.isEmpty() ? List.of(ChildJvm.OWN_JDK) : javaHomes;
        if (insecure) {
            Judge.complain("warning: --insecure trusts any certificate and any host name", 0);
        }
        List<StackRow> rows;
        try (ExecutorService threads = Executors.newCachedThreadPool();
                DelayServer server = ServerProcess.start(root("common/experiment/tls-server/target/tls-server.jar"))) {
            List<Future<Optional<String>>> controls = new ArrayList<>();
            for (Path home : homes) {
                for (Control control : Control.values()) {
                    controls.add(threads.submit(() -> control.failure(
                            root("common/tools/front-door/target/front-door.jar").toString(), home, jvmOptions)));
                }
            }
            List<Asked> asked = asked(homes);
            for (Future<Optional<String>> control : controls) {
                Optional<String> failure = ended(control);
                if (failure.isPresent()) {
                    return Judge.complain("a control failed, so no verdict can be trusted: " + failure.get(),
                            FrontDoor.NO_VERDICT);
                }
            }
            rows = rows(asked, server);
        }
        Optional<String> common = commonFailure(rows);
        if (common.isPresent()) {
            return Judge.complain(common.get(), FrontDoor.NO_VERDICT);
        }
        return report(rows);
    }

    private int report(List<StackRow> rows) {
        var text = new StackText(rows, "%s pages of %s s at once on %s, over %s sockets, each client in a new JVM"
                .formatted(count, delay.toPlainString(), carriers == 1 ? "1 carrier" : carriers + " carriers",
                        channelSockets ? "channel" : "ordinary"), expected,
                ResultsHead.now("judge stack", options(), ResultsHead.ONE_REQUEST, command()));
        System.out.print(switch (format) {
            case text -> text.table();
            case json -> text.json();
            case junit -> text.junit();
        });
        if (json != null) {
            write("--json", json, text.json());
        }
        if (page != null && write("--report", page.resolve("results.json"), text.json())) {
            write("--report", page.resolve("index.html"), text.html());
        }
        if (files.lost() || rows.stream().anyMatch(row -> row.provider().verdict().isEmpty())) {
            return FrontDoor.NO_VERDICT;
        }
        return rows.stream().allMatch(row -> row.provider().verdict().equals(Optional.of(expected))) ? 0 : 1;
    }

    private boolean write(String option, Path file, String text) {
        return files.write(option, file, to -> {
            Files.createDirectories(to.toAbsolutePath().getParent());
            Files.writeString(to, text);
        });
    }

    /** Returns the failure that all rows share, which is then a failure of the provider; empty if there is none. */
    private static Optional<String> commonFailure(List<StackRow> rows) {
        List<String> failures = rows.stream().filter(row -> row.provider().failure() != null)
                .map(StackRow::problem).toList();
        return failures.size() == rows.size() && failures.stream().distinct().count() == 1
                ? Optional.of(failures.getFirst()) : Optional.empty();
    }

    // The runs

    /** One run of a row, with the provider or with the JDK's TLS. */
    private record Side(Asked asked, boolean ofProvider) {}

    private List<StackRow> rows(List<Asked> asked, DelayServer server) throws IOException, InterruptedException {
        List<Side> sides = new ArrayList<>();
        for (Asked one : asked) {
            sides.add(new Side(one, true));
            sides.add(new Side(one, false));
        }
        List<StackRow.Run> runs;
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            runs = SideBySide.run(sides, Integer.MAX_VALUE, _ -> false, (side, turn) -> {
                StackRow.Run run = run(side, turn, server, clock);
                System.err.printf("%s%s: %s%n", side.asked, side.ofProvider ? "" : " on the JDK's TLS", run.word());
                return run;
            });
            clock.shutdownNow();
        }
        List<StackRow> rows = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            rows.add(new StackRow(asked.get(i), runs.get(2 * i), runs.get(2 * i + 1)));
        }
        return rows;
    }

    private StackRow.Run run(Side side, SideBySide.Turn turn, DelayServer server, ScheduledExecutorService clock)
            throws InterruptedException {
        var started = new AtomicReference<Start>();
        var messages = new Messages();
        Asked asked = side.asked;
        long untilSlow = delay.multiply(BigDecimal.valueOf(3000)).longValue();
        Observer program = Observer.ofClassPath(fetchClassPath(), FetchRun.PROGRAM)
                .onJdk(asked.javaHome(), messages)
                .jvmOptions("--enable-native-access=ALL-UNNAMED")
                .jvmOptions(jvmOptions.toArray(String[]::new))
                .onStart(start -> {
                    started.set(start);
                    turn.begun();
                    // If a run takes much longer than its delay, it waits and leaves the processor idle.
                    clock.schedule(turn::over, untilSlow, TimeUnit.MILLISECONDS);
                }).onEnd(_ -> turn.over()).startsAfter(turn::await);
        for (String provider : side.ofProvider ? providers : List.of(JDKS_OWN)) {
            program.arguments("--provider", provider);
        }
        if (setup != null && side.ofProvider) {
            program.arguments("--setup", setup);
        }
        if (recordings != null && side.ofProvider) {
            program.onRecording(recording -> keep(recording, asked));
        }
        var fetch = new FetchRun(count, delay.doubleValue(), null, true, carriers, asked.client(), asked.http1(),
                channelSockets, insecure);
        try {
            Observation seen = fetch.observe(program, server, bound);
            return new StackRow.Run(started.get(), seen, null);
        } catch (ProgramRefused _) {
            throw refused("%s", messages.last().orElse("the program refused its arguments"));
        } catch (IOException e) {
            return new StackRow.Run(started.get(), null, messages.last().orElse(e.getMessage()));
        }
    }

    /**
     * The last line that the program printed about itself. If there is none, it is the first line, in which a JVM
     * reports why it does not start.
     */
    private static final class Messages implements Consumer<String> {

        private static final String OF_ITSELF = "fetch: ";
        private String kept;

        @Override
        public synchronized void accept(String line) {
            boolean ofItself = line.startsWith(OF_ITSELF) && !line.startsWith(OF_ITSELF + "warning");
            boolean ofTheJvm = line.startsWith("NOTE:") || line.startsWith("WARNING:");
            if (ofItself || kept == null && !line.isBlank() && !ofTheJvm && !line.startsWith(OF_ITSELF)) {
                kept = line;
            }
        }

        synchronized Optional<String> last() {
            return Optional.ofNullable(kept).map(line -> line.replaceFirst("^" + OF_ITSELF, "")
                    .replaceFirst(" \\(see f.*$", ""));
        }
    }

    private void keep(Path recording, Asked asked) {
        Path kept = recordings.resolve("%s%s.jfr".formatted(asked.toString().replaceAll("[ /]", "-"),
                javaHomes.size() > 1 ? "-jdk-" + (javaHomes.indexOf(asked.javaHome()) + 1) : ""));
        files.write("--jfr", kept, file -> {
            Files.createDirectories(recordings);
            Files.copy(recording, file, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** Returns the class path: the program, its HTTP clients, and the user's jars. */
    private String fetchClassPath() {
        Path clients = root("common/experiment/http-clients/target");
        return userJars.after(clients.resolve("http-clients.jar").toString(), clients + "/lib/*");
    }

    private static <T> T ended(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    // The command line

    private void check() throws IOException {
        try {
            userJars = UserJars.of(jars);
        } catch (IllegalArgumentException e) {
            throw refused("--jars: %s: give a folder of jars, or a class path", e.getMessage());
        }
        if (providers.isEmpty()) {
            List<String> services = userJars.providers();
            require(!services.isEmpty(), "--provider is missing: %s no provider is listed as a service; give its class",
                    jars.isEmpty() ? "without --jars" : "in --jars");
            require(services.size() == 1, "--provider is missing: --jars lists several, %s; choose one",
                    String.join(", ", services));
            providers = services;
        }
        require(carriers >= 1, "--carriers must be a whole number from 1, not '%s'", carriers);
        require(count > carriers && count >= 2, "--count must be a whole number from 2, and more than --carriers,"
                + " not '%s'", count);
        require(delay.compareTo(FrontDoor.SHORTEST_DELAY) >= 0 && Delay.isServed(delay),
                "--delay must be a number of seconds from %s to %s, with at most %s decimals, not '%s'",
                FrontDoor.SHORTEST_DELAY, Delay.LONGEST_SECONDS, Delay.MOST_DECIMALS, delay);
        require(timeout == null || timeout.compareTo(delay) > 0 && timeout.compareTo(BigDecimal.valueOf(86_400)) <= 0,
                "--timeout must be a number of seconds, more than --delay and at most 86400, not '%s'", timeout);
        bound = timeout == null
                ? Duration.ofMillis((long) (2000 * count * delay.doubleValue())).plus(BESIDES)
                : Duration.ofMillis(timeout.multiply(BigDecimal.valueOf(1000)).longValue());
        for (Path home : javaHomes) {
            require(Files.isExecutable(home.resolve("bin", "java")), "--java %s is not a JDK: it has no bin/java",
                    home);
            Integer version = feature(home);
            require(version == null || version >= OLDEST_JDK, "--java %s is JDK %s: give %s or later", home, version,
                    OLDEST_JDK);
        }
        List<Path> real = new ArrayList<>();
        for (Path home : javaHomes) {
            real.add(home.toRealPath());
        }
        javaHomes = real.stream().distinct().toList();
        clients = clients.stream().distinct().toList();
        if (json != null && json.equals(Path.of("-"))) {
            format = Format.json;
            json = null;
        }
        if (json != null) {
            requireNone(FileProblem.ofWriting("--json", json));
        }
        if (page != null) {
            requireNone(FileProblem.ofWritingInto("--report", page));
        }
        if (recordings != null) {
            requireNone(FileProblem.ofWritingInto("--jfr", recordings));
        }
    }

    /** Returns the JDK's feature release from its file {@code release}; null if it is not known. */
    private static Integer feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.exists(release)) {
            return null;
        }
        var properties = new Properties();
        try (var file = Files.newBufferedReader(release)) {
            properties.load(file);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.matches("\\d{2,3}(\\D.*)?") ? Integer.valueOf(version.replaceFirst("\\D.*", "")) : null;
    }

    /** Returns the rows to run: each client with each of its HTTP versions, on each JDK. */
    private List<Asked> asked(List<Path> homes) throws IOException, InterruptedException {
        List<Event.Client> known = knownClients();
        List<Asked> asked = new ArrayList<>();
        for (String name : clients.isEmpty() ? known.stream().map(Event.Client::name).toList() : clients) {
            Optional<Event.Client> client = known.stream().filter(one -> one.name().equals(name)).findFirst();
            require(client.isPresent() || name.contains("."), "--client must be %s or a class on --jars, not '%s'",
                    String.join(", ", known.stream().map(Event.Client::name).toList()), name);
            List<String> versions = client.map(Event.Client::http).orElse(List.of());
            for (Path home : homes) {
                if (versions.isEmpty()) {
                    asked.add(new Asked(name, null, false, home));
                }
                versions.reversed().forEach(version -> asked.add(
                        new Asked(name, version, version.equals("http/1.1") && versions.size() > 1, home)));
            }
        }
        return asked;
    }

    private List<Event.Client> knownClients() throws IOException, InterruptedException {
        List<Event.Client> known = new ArrayList<>();
        List<String> listing = new ArrayList<>(FetchRun.JVM_OPTIONS);
        listing.addAll(List.of("-cp", fetchClassPath(), FetchRun.PROGRAM, "--list-clients", "--json"));
        try (ChildJvm fetch = ChildJvm.start(listing)) {
            for (Optional<String> line; (line = fetch.readLine(LONGEST_LISTING)).isPresent();) {
                if (Event.parse(line.get()) instanceof Event.Client client) {
                    known.add(client);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the HTTP clients cannot be listed: " + e.getMessage(), e);
        }
        if (known.isEmpty()) {
            throw new IOException("the HTTP clients cannot be listed: run mvn package");
        }
        return known;
    }

    /** Returns the options of the judged JVMs. */
    private List<String> options() {
        return Stream.concat(FetchRun.jvmOptions(jvmOptions).stream(), jvmOptions.stream()).toList();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("./judge"));
        command.addAll(spec.commandLine().getParseResult().originalArgs());
        return command;
    }

    private static Path root(String path) {
        return FrontDoor.root().resolve(path);
    }

    @Override
    public void require(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw refused("%s", otherwise.get());
        }
    }

    private ParameterException refused(String problem, Object... values) {
        return new ParameterException(spec.commandLine(), String.format(Locale.ROOT, problem, values));
    }
}
