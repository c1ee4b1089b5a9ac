package dev.cooperativetls.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * The settings of a run, from the checked command line.
 *
 * @param client the name of the HTTP client
 * @param timeout the timeout of the whole run
 */
record RunSettings(URI url, int urlCount, String client, int carriers, Threads threads, Duration timeout) {

    /** The kind of thread that a page runs on. */
    enum Threads {
        VIRTUAL,
        PLATFORM;

        /** Returns a thread that cannot keep the program alive, even if its page is stuck. */
        Thread unstarted(String name, Runnable task) {
            return switch (this) {
                case VIRTUAL -> Thread.ofVirtual().name(name).unstarted(task);
                case PLATFORM -> Thread.ofPlatform().daemon().name(name).unstarted(task);
            };
        }

        /** Returns the name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the URL of a page: {@code ?page=N} is added, after the query that the URL may already have. */
    URI page(int id) {
        return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + "page=" + id);
    }
}
