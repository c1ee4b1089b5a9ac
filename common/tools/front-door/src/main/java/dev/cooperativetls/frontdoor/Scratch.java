package dev.cooperativetls.frontdoor;

import dev.cooperativetls.recorder.CarrierRecording;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for a recording, with the recorder's settings in it. It is gone when this is closed, or at Ctrl-C. */
final class Scratch implements AutoCloseable {

    /** What else there is to undo. */
    interface Undo {
        void run() throws IOException, InterruptedException;
    }

    private final Path folder;
    private final Thread atExit = new Thread(this::delete);
    private volatile Undo undo = () -> {};

    Scratch() throws IOException {
        folder = Files.createTempDirectory("cooperative-tls-");
        Runtime.getRuntime().addShutdownHook(atExit);
        try (InputStream settings = CarrierRecording.settings()) {
            Files.copy(settings, settings());
        }
    }

    Path folder() {
        return folder;
    }

    /** Returns the recorder's settings, as a {@code .jfc} file. */
    Path settings() {
        return folder.resolve("carriers.jfc");
    }

    /** Sets what is to be done before the folder is deleted; null for nothing. */
    void before(Undo undo) {
        this.undo = undo;
    }

    private void delete() {
        try {
            undo.run();
        } catch (IOException | InterruptedException _) {
            // The process has ended, and there is nothing to undo.
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            Judge.complain("%s was not deleted: %s".formatted(folder, e.getMessage()), 0);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            return; // the hook runs
        }
        delete();
    }
}
