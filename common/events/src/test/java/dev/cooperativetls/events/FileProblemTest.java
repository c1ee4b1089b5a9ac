package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void make_a_file() throws IOException {
        file = Files.writeString(folder.resolve("file"), "text");
    }

    @Test
    void a_file_that_can_be_written_stays_as_it_is() {
        Path missing = folder.resolve("missing");

        assertThat(FileProblem.ofWriting("--json", file)).isEmpty();
        assertThat(FileProblem.ofWriting("--json", missing)).isEmpty();

        assertThat(file).hasContent("text");
        assertThat(missing).doesNotExist();
    }

    @Test
    void a_folder_that_can_be_written_or_created_stays_as_it_is() {
        Path missing = folder.resolve("missing");

        assertThat(FileProblem.ofWritingInto("--report", folder)).isEmpty();
        assertThat(FileProblem.ofWritingInto("--report", missing)).isEmpty();

        assertThat(folder).isDirectoryContaining("glob:**/file");
        assertThat(missing).doesNotExist();
    }

    @Test
    void each_problem_is_reported_with_its_reason() {
        assertProblem(FileProblem.ofWriting("--x", folder), folder, "it is a folder");
        Path inMissing = folder.resolve("missing/file");
        assertProblem(FileProblem.ofWriting("--x", inMissing), inMissing, "its folder is missing");
        assertProblem(FileProblem.ofWritingInto("--x", inMissing), inMissing, "its folder is missing");
        Path inFile = file.resolve("file");
        assertProblem(FileProblem.ofWriting("--x", inFile), inFile, "its folder is a file");
        assertProblem(FileProblem.ofWritingInto("--x", inFile), inFile, "its folder is a file");
        assertProblem(FileProblem.ofWritingInto("--x", file), file, "it is a file");
    }

    /** By permissions alone an administrator could write there. */
    @Test
    void a_folder_that_accepts_no_files_is_detected_by_an_attempt() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        Path inProc = Path.of("/proc/self/file");

        assertThat(FileProblem.ofWriting("--x", inProc)).hasValueSatisfying(problem -> assertThat(problem)
                .matches("--x /proc/self/file cannot be written: its folder (accepts no new files|is read-only)"));
        assertThat(FileProblem.ofWritingInto("--x", inProc)).isPresent();
    }

    /** The exceptions are constructed, because an administrator, who may run the tests, can write to any file. */
    @Test
    void the_message_names_the_read_only_file_or_folder() {
        assertThat(FileProblem.notWritten("--x", file, new AccessDeniedException(file.toString())))
                .isEqualTo("--x %s was not written: it is read-only", file);
        Path missing = folder.resolve("missing");
        assertThat(FileProblem.notWritten("--x", missing, new AccessDeniedException(missing.toString())))
                .isEqualTo("--x %s was not written: its folder is read-only", missing);
        assertThat(FileProblem.notRead("--x", file, new AccessDeniedException(file.toString())))
                .isEqualTo("--x %s cannot be read: permission denied", file);
    }

    @Test
    void the_file_is_named_once_and_other_reasons_come_from_the_system() {
        assertThat(FileProblem.notWritten("--x", file, new IOException("No space left on device")))
                .isEqualTo("--x %s was not written: No space left on device", file);
        assertThat(FileProblem.notWritten("--x", file,
                new FileSystemException(file.toString(), null, "Read-only file system")))
                .isEqualTo("--x %s was not written: Read-only file system", file);
        assertThat(FileProblem.notRead("--x", file, new NoSuchFileException(file.toString())))
                .isEqualTo("--x %s cannot be read: it is missing", file);
        assertThat(FileProblem.notRead("--x", folder, new IOException("Is a directory")))
                .isEqualTo("--x %s cannot be read: it is a folder", folder);
    }

    private static void assertProblem(Optional<String> problem, Path file, String reason) {
        assertThat(problem).contains("--x %s cannot be written: %s".formatted(file, reason));
    }
}
