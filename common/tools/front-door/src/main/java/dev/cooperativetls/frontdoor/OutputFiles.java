package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.FileProblem;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the output files. A failure is reported in one line and not thrown, so that the table is still printed. */
final class OutputFiles {

    private volatile boolean lost;

    interface Writing {
        void to(Path file) throws IOException;
    }

    /** Writes a file, or reports why it was not written. Returns whether it was written. */
    boolean write(String option, Path file, Writing writing) {
        try {
            writing.to(file);
            return true;
        } catch (IOException e) {
            RunStages.complain(FileProblem.notWritten(option, file, e));
            lost = true;
            return false;
        }
    }

    /** Returns whether a file could not be written. */
    boolean lost() {
        return lost;
    }
}
