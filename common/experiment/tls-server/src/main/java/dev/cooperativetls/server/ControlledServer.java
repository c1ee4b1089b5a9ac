package dev.cooperativetls.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The protocol between a parent process and its server. The server first prints its {@link Addresses}, and then answers
 * each line of the parent with one line of JSON. When the parent's lines end, the server ends too, so it never outlives
 * its parent.
 */
final class ControlledServer {

    static final String OPTION = "--controlled";
    static final String IN_FLIGHT = "in-flight";
    static final ObjectMapper JSON = JsonMapper.shared();

    private ControlledServer() {}

    /** The addresses of the server, in its first line. */
    record Addresses(URI httpsUrl, URI httpUrl, String caFile) {}

    /** Serves until the parent's lines end. */
    static void serve(DelayServer server, BufferedReader requests, PrintStream answers) throws IOException {
        answer(answers, new Addresses(server.httpsUrl(), server.httpUrl(), server.caFile().toString()));
        for (String request = requests.readLine(); request != null; request = requests.readLine()) {
            answer(answers, request.equals(IN_FLIGHT) ? server.inFlight()
                    : request.startsWith(IN_FLIGHT + " ") ? server.inFlight(request.substring(IN_FLIGHT.length() + 1))
                    : Map.of("error", "send in-flight or in-flight RUN, not " + request));
        }
    }

    private static void answer(PrintStream answers, Object answer) {
        answers.println(JSON.writeValueAsString(answer));
        answers.flush();
    }
}
