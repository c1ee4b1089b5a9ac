package dev.cooperativetls.events;

import java.time.Instant;
import java.util.List;

/**
 * The beginning of a run, with the program's description of itself.
 *
 * @param time the instant from which all times of the run are counted
 * @param url the URL of the pages; null if the program does not report it
 * @param urlCount the number of pages, at least 1
 * @param client the HTTP client, by its name for {@code fetch --client}; null if the program does not report it
 * @param carriers the number of carrier threads of the virtual threads, at least 1
 * @param threads {@code virtual} or {@code platform}; null if the program does not report it
 * @param jdk the version of the Java runtime
 * @param provider the provider of the {@code SSLContext} in force
 * @param jars the class path; null unless an option of the program requests it
 * @param sslContexts the {@code SSLContext} with and without the class path; null unless an option requests it
 */
public record Start(Instant time, String url, int urlCount, String client, int carriers, String threads, String jdk,
        TlsProvider provider, List<Jar> jars, SslContexts sslContexts) implements Event {

    /** @throws IllegalArgumentException if the time is missing, or there is no page or no carrier */
    public Start {
        if (time == null || urlCount < 1 || carriers < 1) {
            throw new IllegalArgumentException("a start needs a time, at least one page and at least one carrier");
        }
    }

    /**
     * A TLS provider.
     *
     * @param version null if the program does not report it
     * @param info the provider's own description; null if the program does not report it
     * @param from the jar of the provider, or {@code JDK}; null if the program does not report it
     */
    public record TlsProvider(String name, String version, String info, String from) {

        @Override
        public String toString() {
            return info == null ? name : name + ": " + info;
        }
    }

    /** The {@code SSLContext} in force, and the one that the JDK alone would return, both in words. */
    public record SslContexts(String inForce, String withoutClassPath) {}
}
