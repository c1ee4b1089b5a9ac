package dev.cooperativetls.verdict;

import dev.cooperativetls.recorder.CarrierRecording;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for temporary files, and what is started beside it. Both are gone when this is closed, or when the JVM ends,
 * as at Ctrl-C. One thread uses it, and any thread may end the JVM.
 */
public final class Scratch implements AutoCloseable {

    /** Starts something. */
    @FunctionalInterface
    public interface Start<T> {
        T start() throws IOException, InterruptedException;
    }

    /** Ends what was started. What it throws means that there was nothing to end. */
    @FunctionalInterface
    public interface End<T> {
        void end(T started) throws IOException, InterruptedException;
    }

    private final Path folder;
    private final Thread atExit = new Thread(this::end);
    private Runnable undo = () -> {};
    private boolean ended;

    /**
     * Makes the folder.
     *
     * @throws IOException if it cannot be made
     * @throws InterruptedException if the JVM is ending, and has no use for it
     */
    public Scratch() throws IOException, InterruptedException {
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException _) {
            throw ending();
        }
        synchronized (this) {
            if (ended) {
                throw ending();
            }
            folder = Files.createTempDirectory("cooperative-tls-");
        }
    }

    private static InterruptedException ending() {
        return new InterruptedException("the JVM is ending");
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the recorder's settings for a flight recording, as a {@code .jfc} file in the folder.
     *
     * @throws IOException if it cannot be written
     * @throws InterruptedException if the JVM is ending
     */
    public synchronized Path settings() throws IOException, InterruptedException {
        if (ended) {
            throw ending();
        }
        Path file = folder.resolve("carriers.jfc");
        try (InputStream settings = CarrierRecording.settings()) {
            Files.copy(settings, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /**
     * Starts something, unless the JVM is ending. If the JVM ends later, so does what was started, before the folder is
     * deleted. Only what was started last is known.
     *
     * @throws IOException if the start does
     * @throws InterruptedException if the JVM is ending, or the start does
     */
    public synchronized <T> T start(Start<T> start, End<T> end) throws IOException, InterruptedException {
        if (ended) {
            throw ending();
        }
        T started = start.start();
        undo = () -> {
            try {
                end.end(started);
            } catch (IOException | InterruptedException _) {
                // It has ended already.
            }
        };
        return started;
    }

    /** What was started has ended, and is not to be ended any more. */
    public synchronized void forget() {
        undo = () -> {};
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        undo.run();
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " was not deleted: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // The JVM is ending, and does the same.
        }
        end();
    }
}
