package dev.cooperativetls.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that the build creates. */
final class Built {

    private Built() {}

    /**
     * Returns a built file as an absolute path.
     *
     * @param path relative to the repository, which is the current folder
     * @throws IOException if the file is missing
     */
    static Path file(String path) throws IOException {
        Path file = Path.of(path).toAbsolutePath();
        if (!Files.exists(file)) {
            throw new IOException(path
                    + " is not built: run mvn package in the repository's top folder, and start bench there");
        }
        return file;
    }
}
