package dev.cooperativetls.report;

import dev.cooperativetls.events.ResultsHead;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file with results as a JSON object. Its array {@code runs} has the runs. */
public final class ResultsFile {

    private static final String RUNS = "runs";

    private ResultsFile() {}

    /**
     * Writes the results. An existing file is replaced.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, RunResults results) throws IOException {
        Files.writeString(file, results.head().json(Map.of(RUNS, results.runs())));
    }

    /**
     * Reads a file that {@link #write} has written.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IllegalArgumentException if the file has other content or another schema number; the message can follow
     *     the file's name, and says what to do
     * @throws IOException if the file cannot be read
     */
    public static RunResults read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            text = "";
        }
        ResultsHead.Read read = ResultsHead.read(text);
        return new RunResults(read.head(), List.of(read.get(RUNS, RunResult[].class)));
    }
}
