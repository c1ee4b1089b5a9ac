package dev.cooperativetls.events;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/** The one-line messages about a file that an option names and that cannot be read or written. */
public final class FileProblem {

    private FileProblem() {}

    /**
     * Returns why a file cannot be written; empty if it can be written. The method tries to open the file, because
     * permissions do not restrict an administrator, and some file systems have other rules. The content of the file
     * does not change, and a missing file is missing afterwards.
     */
    public static Optional<String> ofWriting(String option, Path file) {
        return tried(option, file, () -> {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a folder");
            }
            if (Files.isRegularFile(file)) {
                Files.newByteChannel(file, StandardOpenOption.WRITE).close();
            } else if (isNew(file)) { // not a device or a pipe, because opening one could have an effect
                Files.createFile(file);
                Files.delete(file);
            }
        });
    }

    /** Returns why files cannot be written into an existing folder or a new one; empty if they can be written. */
    public static Optional<String> ofWritingInto(String option, Path folder) {
        return tried(option, folder, () -> {
            if (Files.isDirectory(folder)) {
                Files.delete(Files.createTempFile(folder, null, null));
            } else if (isNew(folder)) {
                Files.createDirectory(folder);
                Files.delete(folder);
            } else {
                throw new IOException("it is a file");
            }
        });
    }

    private interface Attempt {
        void make() throws IOException;
    }

    private static Optional<String> tried(String option, Path file, Attempt attempt) {
        try {
            attempt.make();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("%s %s cannot be written: %s".formatted(option, file, whyNotWritten(file, e)));
        }
    }

    private static boolean isNew(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(Files.exists(folder) ? "its folder is a file" : "its folder is missing");
        }
        return true;
    }

    static String whyNotWritten(Path file, IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> Files.exists(file) ? "it is read-only" : "its folder is read-only";
            case NoSuchFileException _ -> "its folder accepts no new files";
            default -> reason(failure);
        };
    }

    /** Returns a line about a file that could not be written. */
    public static String notWritten(String option, Path file, IOException failure) {
        return "%s %s was not written: %s".formatted(option, file, whyNotWritten(file, failure));
    }

    /** Returns a line about a file that could not be read. */
    public static String notRead(String option, Path file, IOException failure) {
        return "%s %s cannot be read: %s".formatted(option, file, switch (failure) {
            case NoSuchFileException _ -> "it is missing";
            case AccessDeniedException _ -> "permission denied";
            default -> Files.isDirectory(file) ? "it is a folder" : reason(failure);
        });
    }

    /** Returns the reason without the name of the file, if the exception has one. */
    private static String reason(IOException failure) {
        return failure instanceof FileSystemException of && of.getReason() != null ? of.getReason()
                : Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    }
}
