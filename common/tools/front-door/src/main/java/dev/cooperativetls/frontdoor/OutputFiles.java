package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.FileProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Writes the output files. A failure is reported in one line and not thrown, so that the table is still printed. */
public final class OutputFiles {

    private final Consumer<String> complain;
    private volatile boolean lost;

    /** @param complain prints one line for a file that cannot be written */
    public OutputFiles(Consumer<String> complain) {
        this.complain = complain;
    }

    /** The code that writes a file. */
    public interface Writing {
        void to(Path file) throws IOException;
    }

    /** Writes a file, or reports why it was not written. Returns whether it was written. */
    public boolean write(String option, Path file, Writing writing) {
        try {
            writing.to(file);
            return true;
        } catch (IOException e) {
            complain.accept(FileProblem.notWritten(option, file, e));
            lost = true;
            return false;
        }
    }

    /** Writes a copy of a file, or reports why it was not written. A device such as {@code /dev/null} stays one. */
    public void copy(String option, Path from, Path to) {
        write(option, to, file -> {
            try (OutputStream copy = Files.newOutputStream(file)) {
                Files.copy(from, copy);
            }
        });
    }

    /** Returns whether a file could not be written. */
    public boolean lost() {
        return lost;
    }
}
