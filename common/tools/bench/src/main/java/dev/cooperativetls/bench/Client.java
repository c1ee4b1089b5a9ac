package dev.cooperativetls.bench;

import com.sun.management.ThreadMXBean;
import dev.cooperativetls.fetch.Fetch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fetches pages at once, each over a connection of its own. Every call makes all connections anew. */
interface Client {

    /**
     * A round.
     *
     * @param elapsedSeconds from the start of the first page to the end of the last
     * @param valid how many pages came as they should
     * @param cpuSeconds the processor's time meanwhile: all of the process's, the compiler's and the collector's too;
     *     as the operating system counts, often in hundredths of a second
     * @param allocatedBytes by all threads, for the client and its rehearsal too
     */
    record Round(double elapsedSeconds, int valid, double cpuSeconds, long allocatedBytes) {}

    Round fetch(URI url, int pages) throws GeneralSecurityException, IOException, InterruptedException;

    /** The contestant's, in this JVM. */
    static Client of(Contestant contestant, Path caFile) {
        return switch (contestant) {
            case JAVA_NET_HTTP -> new JavaNetHttp(caFile);
            case BOUNCYCASTLE -> {
                BouncyCastle.putFirst();
                yield program(contestant, caFile);
            }
            default -> program(contestant, caFile);
        };
    }

    /** The program of the stages, in this JVM; it takes its time itself. */
    private static Client program(Contestant contestant, Path caFile) {
        JsonMapper json = new JsonMapper();
        return (url, pages) -> {
            ByteArrayOutputStream events = new ByteArrayOutputStream();
            long allocatedBefore = allocatedBytes();
            Fetch.run(new PrintStream(events, true, StandardCharsets.UTF_8), System.err, "--json",
                    "--url", url.toString(), "--url-count", Integer.toString(pages), "--ca-file", caFile.toString(),
                    "--read-call", contestant.readCall(), "--timeout", "3600");
            long allocated = allocatedBytes() - allocatedBefore;
            JsonNode end = events.toString(StandardCharsets.UTF_8).lines()
                    .reduce((_, last) -> last).map(json::readTree)
                    .orElseThrow(() -> new IOException("the program has not said why it ended"));
            return new Round(end.path("elapsedSeconds").asDouble(), end.path("valid").asInt(),
                    end.path("cpuSeconds").asDouble(), allocated);
        };
    }

    /** What all threads have allocated since the JVM began; virtual ones as part of their carriers. */
    static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes();
    }
}
