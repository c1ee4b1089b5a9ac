package dev.cooperativetls.fetch;

import dev.cooperativetls.fetch.Logging.LogLevel;
import dev.cooperativetls.fetch.Report.End;
import dev.cooperativetls.fetch.Settings.ReadCall;
import dev.cooperativetls.fetch.Settings.Threads;
import dev.cooperativetls.fetch.SslContexts.Origin;
import dev.cooperativetls.recorder.Instrument;
import dev.cooperativetls.recorder.Readings;
import dev.cooperativetls.recorder.RunRecording;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The program's command line: fetches pages at once, and says how many were valid and how long it took. */
@Command(name = "fetch", mixinStandardHelpOptions = true, versionProvider = Fetch.Version.class, sortOptions = false,
        description = "Fetches pages 0 to N-1 of a URL at once, each on a thread of its own.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every page is valid", "1:a page is invalid, or the time ran out", "2:bad usage"})
public final class Fetch implements Callable<Integer> {

    /** There are no more ports than that to connect to one server from. */
    private static final int MOST_PAGES = 65_535;
    /** The most threads that the virtual threads' scheduler can have. */
    private static final int MOST_CARRIERS = 32_767;
    private static final BigDecimal LONGEST_TIMEOUT = BigDecimal.valueOf(86_400);

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @Option(names = "--url", required = true, paramLabel = "URL",
            description = "http or https; a page is this with ?page=N or &page=N added")
    private String url;

    @Option(names = "--url-count", paramLabel = "N", defaultValue = "10",
            description = "how many pages (default: ${DEFAULT-VALUE})")
    private int urlCount;

    @Option(names = "--read-call", paramLabel = "CALL", defaultValue = "read-into",
            description = "${COMPLETION-CANDIDATES}: the read call of sockets that have such a choice"
                    + " (default: ${DEFAULT-VALUE})")
    private ReadCall readCall;

    @Option(names = "--log-level", paramLabel = "LEVEL", defaultValue = "WARN",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private LogLevel logLevel;

    @Option(names = "--ca-file", paramLabel = "FILE",
            description = "PEM file with the CAs to trust, instead of the JVM's trust store")
    private Path caFile;

    @Option(names = "--insecure", description = "trust any certificate and any host name")
    private boolean insecure;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "120",
            description = "bounds the whole run; decimals are allowed (default: ${DEFAULT-VALUE})")
    private String timeout;

    @Mixin
    private BoundOptions bounds;

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "carrier threads of the virtual threads (default: ${DEFAULT-VALUE})")
    private int carriers;

    @Option(names = "--threads", paramLabel = "KIND", defaultValue = "virtual",
            description = "${COMPLETION-CANDIDATES}: what a page runs on (default: ${DEFAULT-VALUE})")
    private Threads threads;

    @Option(names = "--json", description = "print events as JSON, an object a line")
    private boolean json;

    @Mixin
    private InstrumentOptions instruments;

    private Fetch(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the program and ends the JVM with its exit code, even if a page is still stuck in native code. */
    public static void main(String... args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs the program; the exit code. What it sets for the whole JVM (scheduler, providers, logging) stays set. May be
     * called again, but not twice at once.
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        return new CommandLine(new Fetch(out, err))
                .registerConverter(ReadCall.class, text -> oneOf(ReadCall.values(), text))
                .registerConverter(Threads.class, text -> oneOf(Threads.values(), text))
                .registerConverter(LogLevel.class, text -> oneOf(LogLevel.values(), text))
                .setOut(new PrintWriter(out, true))
                .setParameterExceptionHandler((bad, _) -> complain(err, bad.getMessage() + " (see fetch --help)", 2))
                .setExecutionExceptionHandler((failure, _, _) -> complain(err, Reason.of(failure), 1))
                .execute(args);
    }

    @Override
    public Integer call() throws GeneralSecurityException, IOException {
        Settings settings = settings();
        instruments.check(this::require);
        Trust trust = trust();
        // The scheduler reads these when the first virtual thread is made.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", Integer.toString(carriers));
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", Integer.toString(carriers));
        System.setProperty("cooperativetls.readCall", readCall.property());
        Logging.configure(LogLevel.ERROR); // until the rehearsal is over
        Origin without = instruments.sslContext() ? Origin.current() : null;
        try {
            TlsProvider.takeFrom(ServiceLoader.load(Provider.class));
        } catch (ServiceConfigurationError | LinkageError broken) {
            return complain(err, "a TLS provider on the class path cannot be loaded: " + broken.getMessage(), 1);
        }
        SSLContext context = trust.context();
        var introduction = new Introduction(TlsProvider.of(context.getProvider()),
                instruments.modules() ? ClassPath.jars(System.getProperty("java.class.path")) : null,
                instruments.sslContext() ? new SslContexts(Origin.of(context), without) : null);
        Report report = json ? new JsonReport(out, settings, introduction)
                : new TextReport(out, settings, introduction, instruments);
        var client = new PageClient(trust.tls(context), settings);
        Rehearsal.http(client);
        if (settings.url().getScheme().equalsIgnoreCase("https")) {
            Rehearsal.tls(context);
        }
        Logging.configure(logLevel);
        var pages = new Pages(settings, client, report);
        End end = instruments.record() ? recorded(pages, report) : pages.fetch(() -> {});
        return end.invalid().isEmpty() ? 0 : 1;
    }

    private End recorded(Pages pages, Report report) throws IOException {
        Optional<String> missing = Instrument.missing();
        if (missing.isPresent()) {
            complain(err, "warning: no profile, no trace: " + missing.get(), 0);
            return pages.fetch(() -> {});
        }
        try (var recording = RunRecording.start(instruments.wanted(), Fetch.class.getClassLoader())) {
            End end = pages.fetch(recording::stop);
            if (end.interrupted()) {
                return end; // the JVM is ending, and does not wait for more than the report of the pages
            }
            Readings readings = recording.read(end.started(), Duration.ofNanos((long) (end.elapsed() * 1e9)), carriers,
                    instruments.jfr());
            report.readings(instruments.withTraceInItsFile(readings), end);
            return end;
        }
    }

    private Settings settings() {
        require(urlCount >= 1 && urlCount <= MOST_PAGES, "--url-count takes a number from 1 to " + MOST_PAGES);
        require(carriers >= 1 && carriers <= MOST_CARRIERS, "--carriers takes a number from 1 to " + MOST_CARRIERS);
        return new Settings(checkedUrl(), urlCount, readCall, carriers, threads,
                checkedSeconds("--timeout", timeout),
                bounds.checked((option, time) -> time == null ? null : checkedSeconds(option, time)));
    }

    private URI checkedUrl() {
        try {
            var uri = new URI(url);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
            require(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"),
                    "--url takes an http or https URL, such as https://localhost:8443/delay/1, not '" + url + "'");
            require(uri.getHost() != null && uri.getPort() <= 65_535 && uri.getPort() != 0,
                    "--url needs a host, and if it has a port, one from 1 to 65535; not '" + url + "'");
            require(uri.getRawUserInfo() == null && uri.getRawFragment() == null,
                    "--url takes no user name and no #fragment");
            return uri;
        } catch (URISyntaxException noUrl) {
            throw new ParameterException(spec.commandLine(), "--url takes a URL: " + noUrl.getMessage());
        }
    }

    private Duration checkedSeconds(String option, String time) {
        String expected =
                option + " takes seconds, more than 0 and at most " + LONGEST_TIMEOUT + ", not '" + time + "'";
        try {
            var seconds = new BigDecimal(time);
            require(seconds.signum() > 0 && seconds.compareTo(LONGEST_TIMEOUT) <= 0, expected);
            return Duration.ofNanos(Math.max(1, seconds.movePointRight(9).longValue()));
        } catch (NumberFormatException noNumber) {
            throw new ParameterException(spec.commandLine(), expected);
        }
    }

    private Trust trust() {
        require(caFile == null || !insecure, "--ca-file and --insecure exclude each other: give one of them");
        if (insecure) {
            err.println("fetch: warning: --insecure trusts any certificate and any host name");
            return new Trust.Anyone();
        }
        return caFile == null ? new Trust.Jvm() : authorities();
    }

    private Trust authorities() {
        String problem;
        try {
            return Trust.Authorities.read(caFile);
        } catch (NoSuchFileException missing) {
            problem = "is missing";
        } catch (IOException unreadable) {
            problem = "cannot be read";
        } catch (CertificateException noCertificates) {
            problem = "does not hold PEM certificates";
        }
        throw new ParameterException(spec.commandLine(),
                "--ca-file " + caFile + " " + problem + ": give a PEM file with the CA's certificate");
    }

    private static <T> T oneOf(T[] values, String text) {
        return Arrays.stream(values).filter(value -> value.toString().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of "
                        + Arrays.stream(values).map(T::toString).collect(Collectors.joining(", "))
                        + " but was '" + text + "'"));
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

    /** The version that the jar's manifest gives. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Fetch.class.getPackage().getImplementationVersion();
            return new String[] {"fetch " + Objects.requireNonNullElse(version, "(not from a jar)")};
        }
    }
}
