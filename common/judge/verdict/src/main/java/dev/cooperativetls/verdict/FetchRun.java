package dev.cooperativetls.verdict;

import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.InFlightRequests;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A run of the program {@code fetch} against a server that delays each answer. The observation has the program's events
 * and the server's count of in-flight requests.
 *
 * @param pages the number of pages, which are fetched at the same time
 * @param delaySeconds how long the server delays each answer, in seconds
 * @param readCall the read call of sockets that have the choice: {@code read} or {@code readInto}; null for the default
 *     of the sockets
 * @param https whether to use TLS
 * @param carriers the number of carrier threads
 * @param client the HTTP client, as in {@code fetch --client}
 * @param http1 whether the client offers HTTP/1.1 only
 * @param channelSockets whether plain sockets have a channel, which a TLS provider may need
 * @param insecure whether any certificate and any host name are trusted
 */
public record FetchRun(int pages, double delaySeconds, String readCall, boolean https, int carriers, String client,
        boolean http1, boolean channelSockets, boolean insecure) {

    /** The main class of the program. */
    public static final String PROGRAM = "dev.cooperativetls.fetch.Fetch";

    /** The JVM options of a run. A run is too short to profit from the second compiler or a parallel collector. */
    public static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /**
     * Returns the part of {@link #JVM_OPTIONS} that can be added to other JVM options.
     *
     * @param others the other options; if they choose a garbage collector, the result chooses none
     */
    public static List<String> jvmOptions(List<String> others) {
        boolean choosesCollector = others.stream().anyMatch(option -> option.matches("-XX:\\+Use\\w*GC"));
        return JVM_OPTIONS.stream().filter(option -> !choosesCollector || !option.endsWith("GC")).toList();
    }

    /** The number of the last run, unique within this JVM. That is enough, because this JVM started the server. */
    private static final AtomicLong RUNS = new AtomicLong();

    /** The longest timeout that the program accepts. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    /**
     * Returns a run of ten pages of one second each, on one carrier, with the client of the stages.
     *
     * @param readCall {@code read} or {@code readInto}; null for the default of the sockets
     */
    public static FetchRun ofTenPages(String readCall) {
        return new FetchRun(10, 1, readCall, true, 1, "httpclient5", false, true, false);
    }

    /** Returns the same run with another delay, in seconds. */
    public FetchRun delaying(double seconds) {
        return new FetchRun(pages, seconds, readCall, https, carriers, client, http1, channelSockets, insecure);
    }

    /** Returns the same run over plain HTTP. */
    public FetchRun overHttp() {
        return new FetchRun(pages, delaySeconds, readCall, false, carriers, client, http1, channelSockets, insecure);
    }

    /** Returns the same run on this many carriers. */
    public FetchRun onCarriers(int count) {
        return new FetchRun(pages, delaySeconds, readCall, https, count, client, http1, channelSockets, insecure);
    }

    /** Returns the run's timeout, at most a day: twice the time of all waits one after another, plus a minute. */
    public Duration timeout() {
        Duration timeout = Duration.ofMillis((long) (2 * 1000 * pages * delaySeconds)).plusSeconds(60);
        return timeout.compareTo(LONGEST_TIMEOUT) < 0 ? timeout : LONGEST_TIMEOUT;
    }

    /**
     * Makes the run within {@link #timeout()}.
     *
     * @param program the program to observe; this method adds its JVM options and arguments
     * @param server the server; it counts each run separately, so it may serve several runs at the same time
     * @throws IOException as {@link Observer#observe} does
     * @throws InterruptedException if the calling thread is interrupted; the program is ended
     */
    public Observation observe(Observer program, DelayServer server) throws IOException, InterruptedException {
        return observe(program, server, timeout());
    }

    /**
     * Makes the run.
     *
     * @param program the program to observe; this method adds its JVM options and arguments
     * @param server the server; it counts each run separately, so it may serve several runs at the same time
     * @param bound the timeout; a run that takes longer is HUNG
     * @throws IOException as {@link Observer#observe} does
     * @throws InterruptedException if the calling thread is interrupted; the program is ended
     */
    public Observation observe(Observer program, DelayServer server, Duration bound)
            throws IOException, InterruptedException {
        URI base = https ? server.httpsUrl() : server.httpUrl();
        if (https && !insecure) {
            program.arguments("--ca-file", server.caFile().toString());
        }
        String run = Long.toString(RUNS.incrementAndGet());
        configure(program,
                "%s/delay/%s?run=%s".formatted(base, BigDecimal.valueOf(delaySeconds).toPlainString(), run));
        Observation seen = program.delaySeconds(delaySeconds).within(bound).observe();
        InFlightRequests inFlight = server.inFlight(run);
        return seen.withServer(inFlight.peak(), inFlight.mean());
    }

    /** Adds this run's JVM options and arguments to the program, which will fetch from this URL. */
    public void configure(Observer program, String url) {
        program.shortRun();
        if (readCall != null) {
            program.jvmOptions("-Dcooperativetls.readCall=" + readCall);
        }
        program.arguments(
                "--url", url,
                "--url-count", Integer.toString(pages),
                "--client", client,
                "--carriers", Integer.toString(carriers));
        if (channelSockets) {
            program.arguments("--channel-sockets");
        }
        if (insecure) {
            program.arguments("--insecure");
        }
        if (http1) {
            program.arguments("--http1");
        }
    }
}
