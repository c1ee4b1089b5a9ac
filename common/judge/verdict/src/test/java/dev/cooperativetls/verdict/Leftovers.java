package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A check that an observer leaves no temporary files and no processes behind. */
final class Leftovers {

    private Leftovers() {}

    static void assertNone() {
        assertThat(in(Path.of(System.getProperty("java.io.tmpdir")))).isEmpty();
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("cooperative-tls-")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
