package dev.cooperativetls.realclients;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/** The program: fetches pages at once with one of the clients, and tells of it in the events that the judge takes. */
@Command(name = "real-clients", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Fetches pages 0 to N-1 of an https URL at once with an HTTP client, each page on a virtual"
                + " thread of its own, and prints events as JSON, an object a line.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every page is valid", "1:a page is invalid, or the time ran out", "2:bad usage"})
public final class RealClients implements Callable<Integer> {

    /** It warns of each of the JDK's settings that it does not know. A logger that nobody holds forgets its level. */
    private static final Logger BOUNCYCASTLE = Logger.getLogger("org.bouncycastle");

    private static final JsonMapper JSON = new JsonMapper();

    @Option(names = "--client", required = true, paramLabel = "CLIENT", description = "${COMPLETION-CANDIDATES}")
    private Library library;

    @Option(names = "--http1", description = "offer HTTP/1.1 only, also where the client has HTTP/2")
    private boolean http1;

    @Option(names = "--jdk-tls", description = "leave the JDK's TLS first, whatever is on the class path")
    private boolean jdkTls;

    @Option(names = "--url", required = true, paramLabel = "URL", description = "a page is this with ?page=N added")
    private URI url;

    @Option(names = "--url-count", paramLabel = "N", defaultValue = "10",
            description = "how many pages (default: ${DEFAULT-VALUE})")
    private int urlCount;

    @Option(names = "--ca-file", required = true, paramLabel = "FILE", description = "PEM file with the CAs to trust")
    private Path caFile;

    @Option(names = "--carriers", paramLabel = "N", defaultValue = "1",
            description = "carrier threads of the virtual threads (default: ${DEFAULT-VALUE})")
    private int carriers;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "120",
            description = "bounds the whole run (default: ${DEFAULT-VALUE})")
    private BigDecimal timeout;

    @Option(names = "--json", description = "as the judge asks for it; there is no other form")
    private boolean json;

    private record Start(String event, String time, String url, int urlCount, int carriers, String jdk,
            Named provider) {}

    private record Named(String name, String info) {}

    private record End(String event, double elapsedSeconds, int valid, int invalid, boolean timedOut,
            String socketClass) {}

    @Spec
    private CommandSpec spec;

    private RealClients() {}

    /** Runs the program and ends the JVM with its exit code, even if a page is still stuck in native code. */
    public static void main(String... args) {
        System.exit(run(new PrintWriter(System.err, true), args));
    }

    /** Runs the program; the exit code. What it sets for the whole JVM (scheduler, providers, logging) stays set. */
    static int run(PrintWriter err, String... args) {
        return new CommandLine(new RealClients())
                .registerConverter(Library.class, RealClients::library)
                .setParameterExceptionHandler((bad, _) -> complain(err, bad.getMessage(), 2))
                .setExecutionExceptionHandler((failure, _, _) -> complain(err, failure.toString(), 1))
                .execute(args);
    }

    private static int complain(PrintWriter err, String problem, int exitCode) {
        err.println("real-clients: " + problem);
        return exitCode;
    }

    @Override
    public Integer call() throws GeneralSecurityException, IOException, InterruptedException {
        require("https".equals(url.getScheme()), "--url takes an https URL");
        require(urlCount >= 1 && carriers >= 1, "--url-count and --carriers take a number from 1");
        BOUNCYCASTLE.setLevel(Level.SEVERE);
        // The scheduler reads these when the first virtual thread is made.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", Integer.toString(carriers));
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", Integer.toString(carriers));
        if (!jdkTls) {
            Tls.takeProviderFromClassPath();
        }
        Tls tls = Tls.trusting(caFile);
        // Its connections end with the JVM: closing them might wait for a page that is stuck.
        Client client = library.client(tls, urlCount, !http1);
        rehearse(client);
        return fetch(client, tls.context().getProvider()) ? 0 : 1;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static Library library(String option) {
        return Arrays.stream(Library.values()).filter(library -> library.toString().equals(option)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "expected one of " + Arrays.toString(Library.values()) + " but was '" + option + "'"));
    }

    /**
     * A client's first request loads its classes and the TLS's: here, before the clock starts. It asks for a page that
     * needs no wait, if only to be told that there is none. Whatever fails will fail again in a page, and be told then.
     */
    private void rehearse(Client client) throws InterruptedException {
        Page page = new Page(0, url.resolve("/"), client, () -> 0, _ -> {});
        Thread.ofVirtual().name("rehearsal").start(page).join(Duration.ofSeconds(10));
    }

    /** The calling thread collects: with every carrier held no virtual thread would notice that the time is up. */
    private boolean fetch(Client client, Provider provider) throws InterruptedException {
        BlockingQueue<Page> done = new LinkedBlockingQueue<>();
        Start start = new Start("start", Instant.now().toString(), url.toString(), urlCount, carriers,
                Runtime.version().toString(), new Named(provider.getName(), provider.getInfo()));
        long started = System.nanoTime();
        DoubleSupplier clock = () -> (System.nanoTime() - started) / 1e9;
        print(start);
        for (int id = 0; id < urlCount; id++) {
            Page page = new Page(id, URI.create(url + "?page=" + id), client, clock, done::add);
            Thread.ofVirtual().name("page-" + id).start(page);
        }
        long deadline = started + timeout.movePointRight(9).longValue();
        int valid = 0;
        int ended = 0;
        for (Page page; ended < urlCount
                && (page = done.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) != null; ended++) {
            print(page.event());
            valid += page.valid() ? 1 : 0;
        }
        print(new End("end", clock.getAsDouble(), valid, urlCount - valid, ended < urlCount, client.socketClass()));
        return valid == urlCount;
    }

    private static void print(Object event) {
        System.out.println(JSON.writeValueAsString(event));
        System.out.flush();
    }
}
