package dev.cooperativetls.server;

import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.server.ControlledServer.Addresses;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * The server in a separate process, which shares neither threads nor security providers with the client under test. The
 * process ends with this JVM at the latest, even if this JVM is killed.
 */
public final class ServerProcess implements DelayServer {

    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(1);
    /** The time between the end of a process's output and the end of the process. */
    private static final Duration LONGEST_EXIT = Duration.ofSeconds(5);

    private final ChildJvm process;
    private final Addresses addresses;

    private ServerProcess(ChildJvm process) throws IOException {
        this.process = process;
        this.addresses = readAnswer(Addresses.class);
    }

    /**
     * Starts the server on free ports, on the same JDK as this JVM.
     *
     * @param serverJar this module's jar, with the {@code lib} folder in the same folder
     * @throws IOException if the server does not start
     */
    public static ServerProcess start(Path serverJar) throws IOException {
        if (!Files.isRegularFile(serverJar)) {
            throw new IOException("no server at " + serverJar + ": build it with mvn package");
        }
        ChildJvm process = ChildJvm.start(List.of(
                // These options halve the CPU time of the server's start, so that the client has more of it.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-jar", serverJar.toString(), ControlledServer.OPTION));
        try {
            return new ServerProcess(process);
        } catch (IOException e) {
            process.close();
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
    public InFlightRequests inFlight() {
        return ask(ControlledServer.IN_FLIGHT, InFlightRequests.class);
    }

    @Override
    public InFlightRequests inFlight(String run) {
        return ask(ControlledServer.IN_FLIGHT + " " + run, InFlightRequests.class);
    }

    @Override
    public void close() {
        process.close();
    }

    private synchronized <T> T ask(String request, Class<T> answer) {
        try {
            process.writeLine(request);
            return readAnswer(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T readAnswer(Class<T> type) throws IOException {
        try {
            Optional<String> answer = process.readLine(LONGEST_ANSWER);
            if (answer.isEmpty()) {
                throw new IOException(process.exitCode(LONGEST_EXIT).isPresent()
                        ? "the server has ended" : "the server does not answer");
            }
            return ControlledServer.JSON.readValue(answer.get(), type);
        } catch (JacksonException e) {
            throw new IOException("the server's answer is not valid: " + e.getOriginalMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the server");
        }
    }
}
