package dev.cooperativetls.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each results file of this repository begins with: by which program, where, when and how the results were made.
 *
 * @param schema the number of the format of the file
 * @param program the program that wrote the file
 * @param environment the machine
 * @param jvmOptions the options of the JVMs that were judged or measured, besides those of single runs
 * @param warmUp what each of these JVMs does before its clock starts, in words
 * @param command the command that the user typed, word by word
 * @param time when the file was written, in UTC
 */
public record ResultsHead(int schema, Build program, Machine environment, List<String> jvmOptions, String warmUp,
        List<String> command, Instant time) {

    /** The number of the format that this version writes, and the only one that it reads. */
    public static final int SCHEMA = 1;

    /** What {@code fetch} does unless it is asked not to. */
    public static final String ONE_REQUEST = "one request";

    private static final String NO_RESULTS = "does not hold results: give a file of --json or --report";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public ResultsHead {
        Objects.requireNonNull(program);
        Objects.requireNonNull(environment);
        Objects.requireNonNull(warmUp);
        Objects.requireNonNull(time);
        jvmOptions = List.copyOf(jvmOptions);
        command = List.copyOf(command);
    }

    /**
     * Returns the head of results that are made here and now.
     *
     * @param program the name of the program
     */
    public static ResultsHead now(String program, List<String> jvmOptions, String warmUp, List<String> command) {
        return new ResultsHead(SCHEMA, Build.of(program), Machine.here(), jvmOptions, warmUp, command,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns a JSON object that has the properties of this head and then these. */
    public String json(Map<String, ?> results) {
        Map<String, Object> all = new LinkedHashMap<>();
        JSON.valueToTree(this).forEachEntry(all::put);
        all.putAll(results);
        return JSON.writeValueAsString(all) + System.lineSeparator();
    }

    /**
     * Results as they were read.
     *
     * @param all all properties of the file
     */
    public record Read(ResultsHead head, JsonNode all) {

        /**
         * Returns a property.
         *
         * @throws IllegalArgumentException if the file has none of this name, or it is not of this type; the message
         *     says so in a few words
         */
        public <T> T get(String name, Class<T> type) {
            JsonNode value = all.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "holds the results of %s: give a file of the same program".formatted(head.program.name()));
            }
            return converted(value, type);
        }
    }

    /**
     * Reads what {@link #json} has returned.
     *
     * @throws IllegalArgumentException if it is something else, or has another format; the message says, in a few
     *     words, what it is and what to do
     */
    public static Read read(String json) {
        JsonNode all;
        try {
            all = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(NO_RESULTS, e);
        }
        if (all.isArray()) {
            throw new IllegalArgumentException(
                    "was written before results had a schema number: make the runs again, with --json");
        }
        if (!all.isObject() || !all.path("schema").isInt() || !all.path("program").isObject()) {
            throw new IllegalArgumentException(NO_RESULTS);
        }
        if (all.get("schema").asInt() != SCHEMA) {
            throw new IllegalArgumentException("has schema %s, and this version reads %s: use %s %s, which wrote it"
                    .formatted(all.get("schema"), SCHEMA, all.at("/program/name").asString("the program"),
                            all.at("/program/version").asString("")).replaceAll(" ,", ","));
        }
        return new Read(converted(all, ResultsHead.class), all);
    }

    private static <T> T converted(JsonNode node, Class<T> type) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(NO_RESULTS, e);
        }
    }
}
