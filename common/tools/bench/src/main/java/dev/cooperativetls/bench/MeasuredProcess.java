package dev.cooperativetls.bench;

import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.ServerProcess;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A new JVM that runs the {@link MeasuredProgram} for one candidate. */
final class MeasuredProcess implements AutoCloseable {

    /** The options that the manifests of the stages' jars set. Every candidate gets them, also without the provider. */
    static final List<String> OPTIONS_OF_STAGES =
            List.of("--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");

    /** A heap that starts small and grows only if needed. By default its size depends on the machine's memory. */
    private static final List<String> SMALL_HEAP = List.of("-XX:+UseSerialGC", "-Xms8m");

    /** A delay so long that no page is answered while others still connect. */
    private static final BigDecimal LONG_DELAY = BigDecimal.valueOf(600);

    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(5);
    private static final JsonMapper JSON = new JsonMapper();

    private final Candidate candidate;
    private final Duration longestRound;
    private final ChildJvm jvm;

    private MeasuredProcess(Candidate candidate, List<String> jvmOptions, DelayServer server, BigDecimal delay,
            int pages, int rounds) throws IOException {
        this.candidate = candidate;
        longestRound = LONGEST_CONNECT.plusSeconds(delay.longValue());
        var arguments = new ArrayList<>(OPTIONS_OF_STAGES);
        arguments.addAll(jvmOptions);
        arguments.addAll(candidate.jvmOptions());
        arguments.addAll(List.of("-cp", candidate.classPath(), MeasuredProgram.class.getName(),
                Integer.toString(rounds), "%s/delay/%s".formatted(server.httpsUrl(), delay.toPlainString()),
                Integer.toString(pages), "--ca-file", server.caFile().toString(),
                "--timeout", Long.toString(longestRound.toSeconds())));
        arguments.addAll(candidate.fetchOptions());
        jvm = ChildJvm.start(arguments);
    }

    static DelayServer startServer() throws IOException {
        return ServerProcess.start(Built.file("common/experiment/tls-server/target/tls-server.jar"));
    }

    /**
     * Returns the rounds of one JVM. The first is the cold one.
     *
     * @throws IOException if a round fails
     */
    static List<Round> rounds(Candidate candidate, DelayServer server, BigDecimal delay, int pages, int rounds)
            throws IOException, InterruptedException {
        try (var process = new MeasuredProcess(candidate, List.of(), server, delay, pages, rounds)) {
            var measured = new ArrayList<Round>();
            for (int round = 0; round < rounds; round++) {
                measured.add(process.read(Round.class));
            }
            return measured;
        }
    }

    /**
     * Returns the footprint of one JVM while all its pages wait. The server serves this JVM only, because it keeps the
     * requests until their delay is over.
     *
     * @throws IOException if not all pages begin to wait within five minutes
     */
    static Footprint.Waiting footprint(Candidate candidate, int pages) throws IOException, InterruptedException {
        try (DelayServer server = startServer();
                var process = new MeasuredProcess(candidate, SMALL_HEAP, server, LONG_DELAY, pages, 0)) {
            Footprint before = process.read(Footprint.class);
            long deadline = System.nanoTime() + LONGEST_CONNECT.toNanos();
            for (int now = 0; now < pages; now = server.inFlight().now()) {
                if (!process.jvm.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("%s: only %s of %s pages wait at once".formatted(candidate, now, pages));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            process.jvm.writeLine("");
            return process.read(Footprint.class).since(before, pages);
        }
    }

    private <T> T read(Class<T> type) throws IOException, InterruptedException {
        String line = jvm.readLine(longestRound.plusMinutes(1)).orElseThrow(() -> new IOException(
                candidate + " printed no figures; the reason may be in its output above"));
        try {
            return JSON.readValue(line, type);
        } catch (JacksonException e) {
            throw new IOException("%s printed a line that is not a %s: %s"
                    .formatted(candidate, type.getSimpleName(), line), e);
        }
    }

    @Override
    public void close() {
        jvm.close();
    }
}
