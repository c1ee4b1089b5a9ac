package dev.cooperativetls.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Java program in a separate process, whose output this JVM reads line by line.
 *
 * <p>If this JVM ends, the child's standard input ends too, so the child can detect it. One thread may read while
 * others write or close.
 */
public final class ChildJvm implements AutoCloseable {

    /** The folder of the JDK that runs this JVM. */
    public static final Path OWN_JDK = Path.of(System.getProperty("java.home"));

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final Process process;
    private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(1_000);
    private final Thread reader;

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("child-jvm-lines").start(this::read);
    }

    /**
     * Starts a JVM of this JVM's JDK. Its standard error is this JVM's.
     *
     * @param arguments the options of {@code java}, then the program and its arguments
     * @throws IOException if the process cannot be started
     */
    public static ChildJvm start(List<String> arguments) throws IOException {
        return new ChildJvm(new ProcessBuilder(command(OWN_JDK, arguments)).redirectError(Redirect.INHERIT).start());
    }

    /**
     * Starts a JVM of another JDK.
     *
     * @param javaHome the folder of the JDK
     * @param arguments the options of {@code java}, then the program and its arguments
     * @param errors receives each line of the child's standard error, in a separate thread
     * @throws IOException if the process cannot be started
     */
    public static ChildJvm start(Path javaHome, List<String> arguments, Consumer<String> errors) throws IOException {
        Process process = new ProcessBuilder(command(javaHome, arguments)).start();
        Thread.ofPlatform().daemon().name("child-jvm-errors").start(() -> {
            try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(errors);
            } catch (IOException | UncheckedIOException _) {
                // The process was ended, and its output with it.
            }
        });
        return new ChildJvm(process);
    }

    /** Returns the whole command line that {@link #start(Path, List, Consumer)} runs. */
    public static List<String> command(Path javaHome, List<String> arguments) {
        var command = new ArrayList<>(List.of(
                javaHome.resolve("bin", "java").toString(),
                "-XX:-UsePerfData")); // leaves no file in the temporary folder, however the process ends
        command.addAll(arguments);
        return command;
    }

    /** Reads in a separate thread, because neither an interrupt nor a timeout ends a read from a pipe. */
    private void read() {
        try {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.put(Optional.of(line));
                }
            } catch (IOException _) {
                // The process was ended, and its output with it.
            }
            lines.put(Optional.empty());
        } catch (InterruptedException _) {
            // No thread reads the lines any more.
        }
    }

    /**
     * Waits for the next line.
     *
     * @param time the maximum time to wait
     * @return the line without its line end; empty if the output has ended, or if no line came in time
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Optional<String> readLine(Duration time) throws InterruptedException {
        Optional<String> line = time.isPositive() ? lines.poll(time.toNanos(), TimeUnit.NANOSECONDS) : lines.poll();
        if (line == null) {
            return Optional.empty();
        }
        if (line.isEmpty()) {
            lines.add(line); // so that every later call returns the end too
        }
        return line;
    }

    /**
     * Writes a line to the child's standard input.
     *
     * @throws IOException if the child no longer reads
     */
    public void writeLine(String line) throws IOException {
        var input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(line + "\n");
        input.flush();
    }

    /**
     * Waits for the end of the process.
     *
     * @param time the maximum time to wait
     * @return the exit code; empty if the process still runs
     * @throws InterruptedException if the calling thread is interrupted
     */
    public OptionalInt exitCode(Duration time) throws InterruptedException {
        return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)
                ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
    }

    /** Returns whether the process still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Ends the process normally, so that it can clean up. If it still runs after five seconds, this method ends it by
     * force. An interrupt does not shorten the wait. A second call does nothing.
     */
    public void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // The process has ended already.
        }
        process.destroy();
        process.onExit().completeOnTimeout(process, LONGEST_END.toNanos(), TimeUnit.NANOSECONDS).join();
        if (process.isAlive()) {
            process.destroyForcibly().onExit().join();
        }
        reader.interrupt();
    }

    /** Ends the process, as {@link #end} does. */
    @Override
    public void close() {
        end();
    }
}
