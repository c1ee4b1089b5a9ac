package dev.cooperativetls.fetch;

import dev.cooperativetls.events.BadUsage;
import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.events.FlightRecording;
import dev.cooperativetls.events.Jar;
import dev.cooperativetls.events.MethodTime;
import dev.cooperativetls.events.ProfileText;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.events.Start.SslContexts;
import dev.cooperativetls.fetch.Pages.Finished;
import dev.cooperativetls.fetch.RunSettings.Threads;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program's command line. It fetches pages concurrently, and reports how many were valid and how long it took. */
@Command(name = "fetch", mixinStandardHelpOptions = true, versionProvider = Fetch.Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        description = "Fetches pages 0 to N-1 of a URL concurrently, each on its own thread.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Every page is valid.",
            "1:A page is invalid, the timeout has passed, or an output could not be written.", "2:Bad usage."})
public final class Fetch implements Callable<Integer> {

    /** The number of ports, and therefore the maximum number of connections to one server. */
    private static final int MOST_PAGES = 65_535;
    /** The maximum number of threads of the virtual threads' scheduler. */
    private static final int MOST_CARRIERS = 32_767;
    private static final BigDecimal LONGEST_TIMEOUT = BigDecimal.valueOf(86_400);
    /** The time that is added to the timeout of each wait, so that the timeout of the run ends a page first. */
    private static final Duration AFTER_THE_RUN = Duration.ofMinutes(1);

    /** SLF4J's levels. */
    enum LogLevel { ERROR, WARN, INFO, DEBUG, TRACE }

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL",
            description = "An http or https URL. The URL of page N is this URL with ?page=N or &page=N added.")
    private String url;

    @Option(names = "--url-count", paramLabel = "N", defaultValue = "10",
            description = "The number of pages (default: ${DEFAULT-VALUE}).")
    private int urlCount;

    @Option(names = "--client", paramLabel = "NAME", defaultValue = "httpclient5",
            description = "The HTTP client: one of --list-clients, or a class on the class path that implements"
                    + " dev.cooperativetls.fetch.PageClient (default: ${DEFAULT-VALUE}).")
    private String client;

    @Option(names = "--list-clients",
            description = "List the HTTP clients on the class path and exit. With --json the list is events.")
    private boolean listClients;

    @Option(names = "--provider", paramLabel = "NAME", description = "Install the TLS provider of this name or class"
            + " before all others. If repeated, the others follow the first (default: the first service on the class"
            + " path that has TLS).")
    private List<String> providers;

    @Option(names = "--setup", paramLabel = "CLASS",
            description = "Run this Runnable first. It must have a public constructor without parameters.")
    private String setup;

    @Option(names = "--http1", description = "Offer HTTP/1.1 only, even if the client can do HTTP/2.")
    private boolean http1;

    @Option(names = "--channel-sockets", description = "Give the client plain sockets that have a SocketChannel, if it"
            + " needs plain sockets (default: ordinary sockets).")
    private boolean channelSockets;

    @Option(names = "--log-level", paramLabel = "LEVEL", defaultValue = "WARN",
            description = "The log level: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LogLevel logLevel;

    @Option(names = "--ca-file", paramLabel = "FILE",
            description = "A PEM file with the CAs to trust (default: the JVM's trust store).")
    private Path caFile;

    @Option(names = "--insecure", description = "Trust any certificate and any host name.")
    private boolean insecure;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "120",
            description = "The timeout of the whole run; decimals are allowed (default: ${DEFAULT-VALUE}).")
    private String timeout;

    @Option(names = "--read-timeout", paramLabel = "SECONDS",
            description = "The timeout of each wait for bytes (default: as long as the run).")
    private String readTimeout;

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "The number of carrier threads of the virtual threads (default: ${DEFAULT-VALUE}).")
    private int carriers;

    @Option(names = "--threads", paramLabel = "KIND", defaultValue = "virtual",
            description = "The kind of thread per page: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Threads threads;

    @Option(names = "--start-on-line", description = "Warm up, print that the program is ready, and start when a line"
            + " arrives on standard input (default: start immediately).")
    private boolean startOnLine;

    @Option(names = "--no-warm-up", description = "Make no request before the clock starts (default: one GET of /).")
    private boolean noWarmUp;

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = DetailOptions.STDOUT,
            description = "Print events as JSON instead of the report, one object per line, or write them to FILE.")
    private Path json;

    @Mixin
    private DetailOptions details;

    /** The stream for events as JSON, which is standard output unless the user names a file. */
    private PrintStream events;

    /** Whether a file could not be written. */
    private boolean lost;

    private Fetch(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the program and ends the JVM with its exit code, even if a page is still stuck in native code. */
    public static void main(String... args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs the program. Its settings for the whole JVM (scheduler, providers, logging) stay in force. Later calls are
     * allowed, concurrent calls are not.
     *
     * @return the exit code
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        int exitCode = new CommandLine(new Fetch(out, err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setParameterExceptionHandler(
                        (bad, _) -> complain(err, BadUsage.message(bad) + " (see fetch --help)", 2))
                .setExecutionExceptionHandler((failure, _, _) -> complain(err, Reason.of(failure), 1))
                .execute(args);
        return out.checkError() ? complain(err, "standard output could not be written", 1) : exitCode;
    }

    @Override
    public Integer call() throws GeneralSecurityException, IOException {
        if (listClients) {
            return listClients();
        }
        RunSettings settings = settings();
        Duration read = readTimeout == null ? null : checkedSeconds("--read-timeout", readTimeout);
        details.check(this::require);
        events = json == null || json.equals(DetailOptions.OUT) ? out : openEvents();
        PageClient pageClient = newClient();
        logAt(logLevel);
        // The scheduler reads these when the first virtual thread is created.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", Integer.toString(carriers));
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", Integer.toString(carriers));
        if (setup != null) {
            setUp();
        }
        String jdkContext = details.sslContext ? TlsProviders.describeCurrent() : null;
        Optional<Provider> provider;
        try {
            provider = providers != null ? Optional.of(TlsProviders.install(providers))
                    : TlsProviders.installFirst(ServiceLoader.load(Provider.class));
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), "--provider: " + unusable.getMessage());
        } catch (ServiceConfigurationError | LinkageError broken) {
            return complain(err, "a TLS provider on the class path cannot be loaded: " + broken.getMessage()
                    + because(broken), 1);
        }
        Tls tls = tls();
        Optional<String> passedOver = provider.filter(_ -> settings.url().getScheme().equalsIgnoreCase("https"))
                .flatMap(first -> TlsProviders.whyPassedOver(first, tls.context()));
        if (passedOver.isPresent()) {
            return complain(err, passedOver.get(), 1);
        }
        var clientSettings = new ClientSettings(tls, urlCount, http1, channelSockets,
                settings.timeout().plus(AFTER_THE_RUN), read);
        List<Jar> jars = details.modules ? ClassPath.jars(System.getProperty("java.class.path")) : null;
        var contexts = details.sslContext
                ? new SslContexts(TlsProviders.describe(tls.context()), jdkContext) : null;
        Function<Instant, Start> header = time -> new Start(time, url, urlCount, client, carriers, threads.toString(),
                Runtime.version().toString(), TlsProviders.describe(tls.context().getProvider()), jars, contexts);
        Consumer<Event> report = json != null ? this::print : new TextReport(out, details.socketClass);
        header.apply(Instant.EPOCH).toJson(); // loads Jackson's classes before the clock starts
        Reason.of(new IOException()); // without a free file descriptor a page could not load this class later
        if (!noWarmUp) {
            WarmUp.of(newClient(), clientSettings, settings);
        }
        open(pageClient, clientSettings);
        if (startOnLine) {
            report.accept(new Event.Ready());
            awaitLine();
        }
        var pages = new Pages(settings, clientSettings, pageClient, report);
        Finished finished = details.records() ? recorded(pages, header) : pages.fetch(header, () -> { });
        if (events.checkError() && events != out) {
            return complain(err, "--json %s was not written".formatted(json), 1);
        }
        return finished.end().invalid() == 0 && !lost ? 0 : 1;
    }

    private static String because(Throwable failure) {
        return failure.getCause() == null ? "" : ": " + Reason.of(failure.getCause());
    }

    /** Waits for the end of a line, or of the input. */
    private static void awaitLine() throws IOException {
        for (int next = System.in.read(); next != '\n' && next >= 0;) {
            next = System.in.read();
        }
    }

    private void setUp() throws IOException {
        Runnable first;
        try {
            first = Class.forName(setup).asSubclass(Runnable.class).getConstructor().newInstance();
        } catch (ClassNotFoundException _) {
            throw new ParameterException(spec.commandLine(),
                    "--setup: no class '%s' on the class path".formatted(setup));
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new ParameterException(spec.commandLine(), ("--setup: %s must implement Runnable and have a public"
                    + " constructor without parameters").formatted(setup), e);
        }
        try {
            first.run();
        } catch (RuntimeException | LinkageError failed) {
            throw new IOException("--setup %s failed: %s".formatted(setup, Reason.of(failed)));
        }
    }

    private int listClients() {
        try {
            if (json != null) {
                events = json.equals(DetailOptions.OUT) ? out : openEvents();
                PageClients.events().forEach(this::print);
            } else {
                out.print(PageClients.table());
            }
            return 0;
        } catch (ServiceConfigurationError broken) {
            return complain(err, "an HTTP client on the class path cannot be loaded: " + broken.getMessage()
                    + because(broken), 1);
        }
    }

    private void print(Event event) {
        events.println(event.toJson());
        events.flush();
    }

    private PrintStream openEvents() {
        FileProblem.ofWriting("--json", json).ifPresent(problem -> require(false, problem));
        try {
            return new PrintStream(new FileOutputStream(json.toFile()), false, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), FileProblem.notWritten("--json", json, e));
        }
    }

    private Finished recorded(Pages pages, Function<Instant, Start> header) throws IOException {
        Optional<String> missing = FlightRecording.missing();
        if (missing.isPresent()) {
            complain(err, "warning: no profile, no trace, no recording: " + missing.get(), 0);
            return pages.fetch(header, () -> { });
        }
        try (var recording = RunRecording.start(details.profile, details.trace != null, details.jfr != null)) {
            Finished finished = pages.fetch(header, recording::stop);
            if (!finished.interrupted()) { // after Ctrl-C the JVM ends, and waits for the report of the pages only
                printDetails(recording, finished);
            }
            if (details.jfr != null) {
                write("--jfr", details.jfr, () -> recording.writeTo(details.jfr));
            }
            return finished;
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    /** Writes a file. A failure is reported, and the rest of the output is still written. */
    private void write(String option, Path file, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            complain(err, FileProblem.notWritten(option, file, e), 1);
            lost = true;
        }
    }

    private void printDetails(RunRecording recording, Finished finished) throws IOException {
        double elapsed = finished.end().elapsedSeconds();
        if (details.profile) {
            List<MethodTime> profile = recording.profile();
            if (json != null) {
                print(new Event.Profile(profile));
            } else {
                out.printf("%n%s", ProfileText.profile(profile, elapsed, details.statsCount()));
            }
        }
        if (details.trace != null) {
            List<Call> trace = recording.trace(finished.started(), Duration.ofNanos((long) (elapsed * 1e9)));
            if (details.tracesToFile()) {
                write("--trace-calls", details.trace,
                        () -> Files.writeString(details.trace, ProfileText.trace(trace)));
            } else if (json != null) {
                trace.forEach(this::print);
            } else {
                out.printf("%n%s", ProfileText.trace(trace));
            }
        }
        out.flush();
    }

    /** Sets the level of this project's loggers. TRACE also turns on the loggers of libraries, mainly HttpClient's. */
    private static void logAt(LogLevel level) {
        boolean trace = level == LogLevel.TRACE;
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", trace ? "info" : "error");
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.hc.client5", trace ? "trace" : "error");
        System.setProperty("org.slf4j.simpleLogger.log.dev.cooperativetls", level.name().toLowerCase(Locale.ROOT));
        if (!trace) {
            LogManager.getLogManager().reset(); // removes the handlers of java.util.logging, which libraries use too
        }
    }

    private PageClient newClient() {
        try {
            return PageClients.create(client);
        } catch (IllegalArgumentException | ServiceConfigurationError unusable) {
            throw new ParameterException(spec.commandLine(), "--client: " + unusable.getMessage());
        }
    }

    private void open(PageClient pageClient, ClientSettings clientSettings) throws IOException {
        try {
            pageClient.open(clientSettings);
        } catch (Exception e) {
            throw new IOException("the HTTP client " + client + " cannot be used: " + Reason.of(e));
        }
    }

    private RunSettings settings() {
        require(url != null, "--url is missing: give the URL to fetch");
        require(urlCount >= 1 && urlCount <= MOST_PAGES, "--url-count must be a number from 1 to " + MOST_PAGES);
        require(carriers >= 1 && carriers <= MOST_CARRIERS, "--carriers must be a number from 1 to " + MOST_CARRIERS);
        require(caFile == null || !insecure, "--ca-file and --insecure exclude each other: give one of them");
        return new RunSettings(checkedUrl(), urlCount, client, carriers, threads,
                checkedSeconds("--timeout", timeout));
    }

    private URI checkedUrl() {
        try {
            var uri = new URI(url);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
            require(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"),
                    "--url must be an http or https URL, such as https://localhost:8443/delay/1, not '" + url + "'");
            require(uri.getHost() != null && uri.getPort() <= 65_535 && uri.getPort() != 0,
                    "--url must have a host, and a port from 1 to 65535 or none, not '" + url + "'");
            require(uri.getRawUserInfo() == null && uri.getRawFragment() == null,
                    "--url must not have a user name or a #fragment");
            return uri;
        } catch (URISyntaxException noUrl) {
            throw new ParameterException(spec.commandLine(), "--url must be a URL: " + noUrl.getMessage());
        }
    }

    private Duration checkedSeconds(String option, String time) {
        String expected =
                "%s must be a number of seconds, more than 0 and at most %s, not '%s'".formatted(option,
                        LONGEST_TIMEOUT, time);
        try {
            var seconds = new BigDecimal(time);
            require(seconds.signum() > 0 && seconds.compareTo(LONGEST_TIMEOUT) <= 0, expected);
            return Duration.ofNanos(Math.max(1, seconds.movePointRight(9).longValue()));
        } catch (NumberFormatException noNumber) {
            throw new ParameterException(spec.commandLine(), expected);
        }
    }

    private Tls tls() throws GeneralSecurityException, IOException {
        if (insecure) {
            err.println("fetch: warning: --insecure trusts any certificate and any host name");
            return Tls.insecure();
        }
        if (caFile == null) {
            return Tls.ofJvm();
        }
        try {
            return Tls.trusting(caFile);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), FileProblem.notRead("--ca-file", caFile, e));
        } catch (CertificateException noCertificates) {
            throw new ParameterException(spec.commandLine(), "--ca-file " + caFile
                    + " contains no PEM certificates: give a PEM file with the CA's certificate");
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static int complain(PrintStream err, String problem, int exitCode) {
        err.println("fetch: " + Reason.oneLine(problem));
        return exitCode;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Fetch.class.getPackage().getImplementationVersion();
            return new String[] {"fetch " + Objects.requireNonNullElse(version, "(not from a jar)")};
        }
    }
}
