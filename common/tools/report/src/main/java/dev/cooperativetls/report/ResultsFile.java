package dev.cooperativetls.report;

import dev.cooperativetls.events.ResultsHead;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The results as a JSON object, for programs, and to be drawn again. Its runs are an array, {@code runs}. */
public final class ResultsFile {

    private static final String RUNS = "runs";

    private ResultsFile() {}

    /** Writes the results, in place of what is there. */
    public static void write(Path file, RunResults results) throws IOException {
        Files.writeString(file, results.head().json(Map.of(RUNS, results.runs())));
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IllegalArgumentException if the file holds something else, or has another format; the message says, in a
     *     few words that follow the file's name, what it is and what to do
     * @throws IOException if it cannot be read
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
