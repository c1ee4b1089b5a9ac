package dev.cooperativetls.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cooperativetls.server.ControlledServer.Addresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;

/**
 * The server in a process of its own: it shares neither processor time of this JVM's threads nor any security provider
 * with the client under test. It ends with this JVM at the latest, even when this JVM is killed.
 */
public final class ServerProcess implements DelayServer {

    private static final int ANSWER_SECONDS = 60;
    private static final int CLOSE_SECONDS = 10;

    private final Process process;
    private final BufferedReader answers;
    private final Addresses addresses;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(UTF_8);
        this.addresses = readAnswer(Addresses.class);
    }

    /**
     * Starts the server on free ports, with this JVM's own {@code java}.
     *
     * @param serverJar this module's jar, its {@code lib} folder beside it
     * @throws IOException when it does not come up
     */
    public static ServerProcess start(Path serverJar) throws IOException {
        if (!Files.isRegularFile(serverJar)) {
            throw new IOException("no server at " + serverJar + ": build it with mvn package");
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData", // leaves no file in the temporary folder
                        // Leave the processors to the client: this halves what the server's start costs.
                        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                        "-jar", serverJar.toString(), ControlledServer.OPTION)
                .redirectError(Redirect.INHERIT)
                .start();
        try {
            return new ServerProcess(process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException("the server at " + serverJar + " did not start: " + e.getMessage(), e);
        }
    }

    @Override
    public URI httpsUrl() {
        return addresses.httpsUrl();
    }

    @Override
    public URI httpUrl() {
        return addresses.httpUrl();
    }

    @Override
    public Path caFile() {
        return Path.of(addresses.caFile());
    }

    @Override
    public HeldRequests held() {
        return ask(ControlledServer.HELD, HeldRequests.class);
    }

    @Override
    public void resetHeld() {
        ask(ControlledServer.RESET, Object.class);
    }

    /** Ends the server's input and waits for it to end; one that does not is killed. */
    @Override
    public synchronized void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // Then there is only its end to wait for.
        }
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized <T> T ask(String request, Class<T> answer) {
        try {
            var requests = process.outputWriter(UTF_8);
            requests.write(request + "\n");
            requests.flush();
            return readAnswer(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one line. A server that stays silent too long is killed, which ends the wait. */
    private <T> T readAnswer(Class<T> type) throws IOException {
        var watchdog = CompletableFuture.runAsync(process::destroyForcibly,
                CompletableFuture.delayedExecutor(ANSWER_SECONDS, TimeUnit.SECONDS));
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("the server has ended");
            }
            return ControlledServer.JSON.readValue(answer, type);
        } catch (JacksonException e) {
            throw new IOException("the server's answer is not understood: " + e.getOriginalMessage(), e);
        } finally {
            watchdog.cancel(false);
        }
    }
}
