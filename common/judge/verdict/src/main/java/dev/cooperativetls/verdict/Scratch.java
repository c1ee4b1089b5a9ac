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
 * A folder for temporary files, and something that was started, such as a process. When this is closed or the JVM ends,
 * for example by Ctrl-C, the started thing is ended and the folder deleted. One thread uses it, and any thread may end
 * the JVM.
 */
public final class Scratch implements AutoCloseable {

    /** A way to start something. */
    @FunctionalInterface
    public interface Start<T> {
        T start() throws IOException, InterruptedException;
    }

    /** A way to end what was started. An exception means that there was nothing to end. */
    @FunctionalInterface
    public interface End<T> {
        void end(T started) throws IOException, InterruptedException;
    }

    private final Path folder;
    private final Thread atExit = new Thread(this::end);
    private Runnable undo = () -> {};
    private boolean ended;

    /**
     * Creates the folder.
     *
     * @throws IOException if it cannot be created
     * @throws InterruptedException if the JVM is ending
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
     * Writes the settings for a flight recording into the folder, and returns this {@code .jfc} file.
     *
     * @throws IOException if the file cannot be written
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
     * Starts something, unless the JVM is ending. It is ended before the folder is deleted. Only the last started thing
     * is ended.
     *
     * @return the result of {@code start}
     * @throws IOException if {@code start} throws it
     * @throws InterruptedException if the JVM is ending, or if {@code start} throws it
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
                // There was nothing to end.
            }
        };
        return started;
    }

    /** Records that the started thing has ended, so that it is not ended again. */
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
            // The JVM is ending, and its hook does the same.
        }
        end();
    }
}
