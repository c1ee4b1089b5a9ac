package dev.cooperativetls.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** For the tests: what one run of the program printed, and its exit code. */
record Run(int exitCode, String out, String err) {

    /** Runs it within this JVM. */
    static Run of(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = Fetch.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), args);
        return new Run(exitCode, lines(out), lines(err));
    }

    private static String lines(ByteArrayOutputStream printed) {
        return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }

    List<JsonNode> events() {
        var json = new JsonMapper();
        return out.lines().map(json::readTree).toList();
    }

    List<JsonNode> events(String name) {
        return events().stream().filter(event -> event.get("event").asString().equals(name)).toList();
    }
}
