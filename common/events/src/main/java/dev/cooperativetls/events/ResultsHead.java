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
 * The head of each results file of this repository. It states which program measured the results, where, when and how.
 *
 * @param schema the number of the format of the file
 * @param program the program that wrote the file
 * @param environment the machine
 * @param jvmOptions the options of all JVMs that were judged or measured; a single run may have more options
 * @param warmUp the warm-up of each of these JVMs before its clock starts, in words
 * @param command the command that the user typed, word by word
 * @param time when the file was written, in UTC
 */
public record ResultsHead(int schema, Build program, Machine environment, List<String> jvmOptions, String warmUp,
        List<String> command, Instant time) {

    /** The number of the only format that this version writes and reads. */
    public static final int SCHEMA = 1;

    /** The warm-up of {@code fetch}, unless {@code --no-warm-up} is given. */
    public static final String ONE_REQUEST = "one request";

    private static final String NO_RESULTS = "contains no results: give a file of --json or --report";

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
     * Returns the head of results that are measured now, on this machine.
     *
     * @param program the name of the program
     */
    public static ResultsHead now(String program, List<String> jvmOptions, String warmUp, List<String> command) {
        return new ResultsHead(SCHEMA, Build.of(program), Machine.here(), jvmOptions, warmUp, command,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns a JSON object with the properties of this head, followed by the given ones. */
    public String json(Map<String, ?> results) {
        Map<String, Object> all = new LinkedHashMap<>();
        JSON.valueToTree(this).forEachEntry(all::put);
        all.putAll(results);
        return JSON.writeValueAsString(all) + System.lineSeparator();
    }

    /**
     * Results from a file.
     *
     * @param all all properties of the file
     */
    public record Read(ResultsHead head, JsonNode all) {

        /**
         * Returns a property.
         *
         * @throws IllegalArgumentException if the file has no property of this name and type; the message continues
         *     the name of the file
         */
        public <T> T get(String name, Class<T> type) {
            JsonNode value = all.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "has the results of %s: give a file of the same program".formatted(head.program.name()));
            }
            return converted(value, type);
        }
    }

    /**
     * Parses text that {@link #json} returned.
     *
     * @throws IllegalArgumentException if the text is something else or has another format; the message continues the
     *     name of the file
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
                    "was written before results had a schema number: repeat the runs with --json");
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
