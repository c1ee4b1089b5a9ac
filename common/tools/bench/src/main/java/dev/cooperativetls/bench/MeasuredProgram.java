package dev.cooperativetls.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program that is measured, in a JVM of its own; {@link MeasuredProcess} starts it and knows its arguments. It
 * prints what it finds as JSON, an object a line.
 */
final class MeasuredProgram {

    static final String ROUNDS = "rounds";
    static final String HOLD = "hold";

    private static final JsonMapper JSON = new JsonMapper();

    private MeasuredProgram() {}

    public static void main(String... arguments) throws GeneralSecurityException, IOException, InterruptedException {
        PrintStream out = System.out;
        Client client = Client.of(Contestant.valueOf(arguments[0]), Path.of(arguments[1]));
        URI url = URI.create(arguments[3]);
        int pages = Integer.parseInt(arguments[4]);
        switch (arguments[2]) {
            case ROUNDS -> {
                Thread.ofPlatform().daemon().name("end-of-input").start(MeasuredProgram::endWithWhoeverStartedIt);
                int rounds = Integer.parseInt(arguments[5]);
                for (int round = 0; round < rounds; round++) {
                    out.println(JSON.writeValueAsString(client.fetch(url, pages)));
                }
            }
            case HOLD -> hold(client, url, pages, out);
            default -> throw new IllegalArgumentException(arguments[2]);
        }
        System.exit(0);
    }

    private static void endWithWhoeverStartedIt() {
        try {
            while (System.in.read() >= 0) {
                // Nobody has anything to say.
            }
        } catch (IOException _) {
            // As good as its end.
        }
        System.exit(1);
    }

    /** Says what the JVM holds before the pages wait, and again as often as it reads a byte. */
    private static void hold(Client client, URI url, int pages, PrintStream out)
            throws GeneralSecurityException, IOException, InterruptedException {
        client.fetch(url.resolve("/delay/0.01"), 1); // whatever is made once and stays
        out.println(JSON.writeValueAsString(Held.now()));
        Thread.ofPlatform().daemon().name("pages").start(() -> {
            try {
                client.fetch(url, pages);
            } catch (GeneralSecurityException | IOException | InterruptedException e) {
                e.printStackTrace();
                System.exit(1);
            }
        });
        while (System.in.read() >= 0) {
            out.println(JSON.writeValueAsString(Held.now()));
        }
    }
}
