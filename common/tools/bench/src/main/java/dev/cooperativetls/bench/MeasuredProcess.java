package dev.cooperativetls.bench;

import dev.cooperativetls.bench.Client.Round;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Starts fresh JVMs with the {@link MeasuredProgram}, one contestant each. */
final class MeasuredProcess {

    private static final JsonMapper JSON = new JsonMapper();

    /** As in the stages. */
    private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

    /**
     * For what is held, not for how fast: the heap begins small and grows as it must. With the defaults it would be as
     * large as the machine invites it to be, and all of it garbage.
     */
    private static final List<String> FRUGAL = List.of(ONE_CARRIER, "-XX:+UseSerialGC", "-Xms8m");

    /** In seconds: so long that nobody is answered before all are held, and what they hold is told. */
    private static final int LONG_DELAY = 600;
    private static final Duration ALL_HELD_WITHIN = Duration.ofMinutes(5);

    private final Path root;

    /** @param root of the repository, whose modules have been built */
    MeasuredProcess(Path root) {
        this.root = root;
    }

    /** The rounds of a fresh JVM; the first is its first. */
    List<Round> rounds(Contestant contestant, DelayServer server, BigDecimal delay, int pages, int rounds)
            throws IOException, InterruptedException {
        URI url = URI.create("%s/delay/%s".formatted(server.httpsUrl(), delay.toPlainString()));
        Process process = start(contestant, server, List.of(ONE_CARRIER), MeasuredProgram.ROUNDS, url, pages,
                Integer.toString(rounds));
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            List<Round> measured = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                measured.add(answer(answers, Round.class, contestant));
            }
            return measured;
        } finally {
            end(process);
        }
    }

    /** What a fresh JVM holds before its pages wait, and while all do. Its server is its own, for they stay held. */
    Memory memory(Contestant contestant, int pages) throws IOException, InterruptedException {
        try (DelayServer server = startServer()) {
            URI url = URI.create("%s/delay/%d".formatted(server.httpsUrl(), LONG_DELAY));
            Process process = start(contestant, server, FRUGAL, MeasuredProgram.HOLD, url, pages);
            try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
                Held before = answer(answers, Held.class, contestant);
                long deadline = System.nanoTime() + ALL_HELD_WITHIN.toNanos();
                while (server.inFlight().now() < pages) {
                    if (!process.isAlive() || System.nanoTime() > deadline) {
                        throw new IOException("%s: only %d of %d pages wait at once"
                                .formatted(contestant, server.inFlight().now(), pages));
                    }
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
                return new Memory(pages, before, answer(answers, Held.class, contestant));
            } finally {
                end(process);
            }
        }
    }

    DelayServer startServer() throws IOException {
        return ServerProcess.start(root.resolve("common/experiment/tls-server/target/tls-server.jar"));
    }

    private Process start(Contestant contestant, DelayServer server, List<String> jvmOptions, String what, URI url,
            int pages, String... more) throws IOException {
        List<String> command = contestant.command(root, jvmOptions);
        command.addAll(List.of(server.caFile().toString(), what, url.toString(), Integer.toString(pages)));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static <T> T answer(BufferedReader answers, Class<T> type, Contestant contestant) throws IOException {
        String line = answers.readLine();
        try {
            if (line != null) {
                return JSON.readValue(line, type);
            }
        } catch (JacksonException e) {
            throw new IOException("%s printed what is no figure: %s".formatted(contestant, line), e);
        }
        throw new IOException(contestant + " ended before it was done; its standard error may tell why");
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
