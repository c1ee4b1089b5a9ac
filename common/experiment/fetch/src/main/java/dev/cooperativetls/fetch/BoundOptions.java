package dev.cooperativetls.fetch;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** The options that bound a page or a step of it. Without them the run's time-out is the only bound. */
final class BoundOptions {

    @Option(names = "--connect-timeout", paramLabel = "SECONDS",
            description = "bounds connecting, the look-up of the host's name included")
    private String connect;

    @Option(names = "--handshake-timeout", paramLabel = "SECONDS", description = "bounds the TLS handshake as a whole")
    private String handshake;

    @Option(names = "--read-timeout", paramLabel = "SECONDS", description = "bounds each wait for bytes")
    private String read;

    @Option(names = "--page-timeout", paramLabel = "SECONDS", description = "bounds a page as a whole")
    private String page;

    /**
     * The bounds that were given.
     *
     * @param seconds checks an option's value
     */
    Map<Bound, Duration> checked(BiFunction<String, String, Duration> seconds) {
        var bounds = new EnumMap<Bound, Duration>(Bound.class);
        bounds.put(Bound.CONNECT, seconds.apply("--connect-timeout", connect));
        bounds.put(Bound.HANDSHAKE, seconds.apply("--handshake-timeout", handshake));
        bounds.put(Bound.READ, seconds.apply("--read-timeout", read));
        bounds.put(Bound.PAGE, seconds.apply("--page-timeout", page));
        bounds.values().removeIf(Objects::isNull);
        return bounds;
    }
}
