package dev.cooperativetls.verdict;

import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.InFlightRequests;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;

/**
 * A run of a stage's program against a server that holds each request for a while, observed from both ends.
 *
 * @param pages how many, at once
 * @param delaySeconds how long the server holds each
 * @param readCall {@code read} or {@code read-into}, as the program's option has it
 * @param https whether over TLS, or else plain
 * @param carriers how many carrier threads the program's virtual threads get
 */
public record StageRun(int pages, double delaySeconds, String readCall, boolean https, int carriers) {

    /** A run of seconds on two cores is over before the second compiler or a parallel collector pays. */
    private static final String[] FOR_A_SHORT_RUN = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};

    /** The program takes none that is longer. */
    private static final Duration LONGEST_BOUND = Duration.ofDays(1);

    /** Ten pages of a second each, on one carrier. */
    public static StageRun ofTenPages(String readCall) {
        return new StageRun(10, 1, readCall, true, 1);
    }

    public StageRun delaying(double seconds) {
        return new StageRun(pages, seconds, readCall, https, carriers);
    }

    public StageRun overHttp() {
        return new StageRun(pages, delaySeconds, readCall, false, carriers);
    }

    public StageRun onCarriers(int count) {
        return new StageRun(pages, delaySeconds, readCall, https, count);
    }

    /** What a run may take: all its waits one after another, twice over, and some time to get going; a day at most. */
    public Duration bound() {
        Duration bound = Duration.ofMillis((long) (2 * 1000 * pages * delaySeconds)).plusSeconds(60);
        return bound.compareTo(LONGEST_BOUND) < 0 ? bound : LONGEST_BOUND;
    }

    /** Makes the run. The server must not serve anybody else meanwhile, or its count is not this run's. */
    public Observation observe(Observer program, DelayServer server) throws IOException, InterruptedException {
        URI base = https ? server.httpsUrl() : server.httpUrl();
        if (https) {
            program.arguments("--ca-file", server.caFile().toString());
        }
        program.jvmOptions(FOR_A_SHORT_RUN);
        program.delaySeconds(delaySeconds).within(bound()).arguments(
                "--url", "%s/delay/%s".formatted(base, plain(delaySeconds)),
                "--url-count", Integer.toString(pages),
                "--read-call", readCall,
                "--carriers", Integer.toString(carriers));
        server.resetInFlight();
        Observation seen = program.observe();
        InFlightRequests held = server.inFlight();
        return seen.withServer(held.peak(), held.mean());
    }

    /** Without an exponent, which no URL of the server's may have. */
    private static String plain(double seconds) {
        return BigDecimal.valueOf(seconds).toPlainString();
    }
}
