package dev.cooperativetls.realclients;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Plays every scenario with every client, and prints a line for each: which, and {@code ok} or what was wrong. */
final class ScenarioProgram {

    /** How the first line begins, up to its colon: it tells whose TLS it is. */
    static final String PROVIDER = "provider";

    /** They report every failure, and here things fail on purpose. A logger that nobody holds forgets its level. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("org.bouncycastle"), Logger.getLogger("org.apache.hc.client5"));
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private ScenarioProgram() {}

    /** How a line begins, up to its colon. */
    static String name(Setup setup, Scenario scenario) {
        return setup.name() + " " + scenario.name();
    }

    public static void main(String... args) throws Exception {
        LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
        Tls.takeProviderFromClassPath();
        Tls tls = Tls.trusting(Path.of(args[1]));
        System.out.println(PROVIDER + ": " + tls.context().getProvider().getInfo());
        for (Setup setup : Setup.values()) {
            for (Scenario scenario : Scenario.values()) {
                if (scenario.concerns(setup)) {
                    System.out.println(name(setup, scenario) + ": "
                            + outcome(scenario, new Scene(setup, tls, URI.create(args[0]), Path.of(args[2]))));
                }
            }
        }
        System.exit(0); // even if one is stuck
    }

    private static String outcome(Scenario scenario, Scene scene) throws InterruptedException {
        String[] outcome = {"not done within " + LONGEST.toSeconds() + " s"};
        Thread.ofVirtual().start(() -> {
            try {
                scenario.play(scene);
                outcome[0] = "ok";
            } catch (Throwable wrong) {
                outcome[0] = wrong.toString().replaceAll("\\s+", " ");
            }
        }).join(LONGEST);
        return outcome[0];
    }
}
