package dev.cooperativetls.verdict;

import dev.cooperativetls.events.ChildJvm;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The events of a program, line by line, as the program writes them to a file. Standard output is not used, because a
 * native library may print there at any time, even within a line.
 *
 * <p>As long as the file is empty, a printed line that begins like an event counts as an event.
 */
final class EventLines implements AutoCloseable {

    private static final String BEGINNING = "{\"event\"";
    /** How often the file is read. */
    private static final Duration TICK = Duration.ofMillis(5);

    /** How long printed lines may take to arrive after the program has ended. */
    private static final Duration IN_THE_PIPE = Duration.ofSeconds(1);

    private final ChildJvm program;
    private final Path file;
    private final Consumer<String> output;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private InputStream written;
    private boolean areWritten;

    /** @param output gets each printed line that is not an event */
    EventLines(ChildJvm program, Path file, Consumer<String> output) {
        this.program = program;
        this.file = file;
        this.output = output;
    }

    /**
     * Waits for the next line.
     *
     * @param time how long to wait at most
     * @return the line without its line end; empty if the program has ended or no line came in time
     * @throws IOException if the file cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    Optional<String> next(Duration time) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        boolean ended = false;
        Optional<String> line = Optional.empty();
        while (line.isEmpty() && System.nanoTime() < deadline) {
            boolean last = ended;
            line = nextWritten();
            if (line.isEmpty()) {
                line = nextPrinted(last ? IN_THE_PIPE : Duration.ZERO);
            }
            if (line.isEmpty()) {
                if (last) {
                    break;
                }
                ended = program.exitCode(TICK).isPresent();
            }
        }
        return line;
    }

    /** Returns the next whole line of the file, if there is one yet. */
    private Optional<String> nextWritten() throws IOException {
        if (written == null) {
            if (file.toFile().length() == 0) { // missing or empty: a program may test whether it can write, and delete
                return Optional.empty();
            }
            written = new BufferedInputStream(Files.newInputStream(file));
        }
        for (int next = written.read(); next >= 0; next = written.read()) {
            if (next == '\n') {
                String line = begun.toString(StandardCharsets.UTF_8).stripTrailing();
                begun.reset();
                areWritten = true;
                return Optional.of(line);
            }
            begun.write(next);
        }
        return Optional.empty();
    }

    /** Returns the next printed event, if there is one yet, and passes on the lines before it. */
    private Optional<String> nextPrinted(Duration time) throws InterruptedException {
        Optional<String> line = program.readLine(time);
        while (line.isPresent() && (areWritten || !line.get().startsWith(BEGINNING))) {
            output.accept(line.get());
            line = program.readLine(time);
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        if (written != null) {
            written.close();
        }
    }
}
