package dev.cooperativetls.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a parent process and its server say to one another, a line each: first the server's {@link Addresses}, then to
 * each request its answer, as JSON. The end of the parent's lines ends the server, so it never outlives its parent.
 */
final class ControlledServer {

    static final String OPTION = "--controlled";
    static final String HELD = "held";
    static final String RESET = "reset";
    static final ObjectMapper JSON = JsonMapper.shared();

    private ControlledServer() {
    }

    /** Where the server is, as its first line tells it. */
    record Addresses(URI httpsUrl, URI httpUrl, String caFile) {
    }

    /** Serves until the parent's lines end. */
    static void serve(DelayServer server, BufferedReader requests, PrintStream answers) throws IOException {
        answer(answers, new Addresses(server.httpsUrl(), server.httpUrl(), server.caFile().toString()));
        for (String request = requests.readLine(); request != null; request = requests.readLine()) {
            answer(answers, switch (request) {
                case HELD -> server.held();
                case RESET -> {
                    server.resetHeld();
                    yield Map.of();
                }
                default -> Map.of("error", "say held or reset, not " + request);
            });
        }
    }

    private static void answer(PrintStream answers, Object answer) {
        answers.println(JSON.writeValueAsString(answer));
        answers.flush();
    }
}
