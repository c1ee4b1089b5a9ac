package dev.cooperativetls.frontdoor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Refuses the command line with this text, unless the condition holds. */
interface Requirement {

    void require(boolean condition, Supplier<String> otherwise);

    static boolean canBeWritten(Path file) {
        return !Files.isDirectory(file)
                && Files.isWritable(Files.exists(file) ? file : file.toAbsolutePath().getParent());
    }
}
