package dev.cooperativetls.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results as a JSON array, for programs, and to be drawn again. */
public final class ResultsFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private ResultsFile() {}

    /** Writes the results, in place of what is there. */
    public static void write(Path file, List<RunResult> runs) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(runs) + System.lineSeparator());
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IllegalArgumentException if the file holds something else
     * @throws IOException if it cannot be read
     */
    public static List<RunResult> read(Path file) throws IOException {
        List<RunResult> runs;
        try {
            runs = List.of(JSON.readValue(Files.readString(file), RunResult[].class));
        } catch (JacksonException | CharacterCodingException e) {
            throw new IllegalArgumentException("not the results of a run", e);
        }
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("not the results of a run");
        }
        return runs;
    }
}
