package dev.cooperativetls.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What to fetch, and how: the checked command line.
 *
 * @param timeout bounds the run
 * @param bounds  those that a page and its steps have beside it
 */
record Settings(URI url, int urlCount, ReadCall readCall, int carriers, Threads threads, Duration timeout,
        Map<Bound, Duration> bounds) {

    /** Which of its two reads a socket that has such a choice makes. */
    enum ReadCall {
        READ("read", "read"),
        READ_INTO("read-into", "readInto");

        private final String option;
        private final String property;

        ReadCall(String option, String property) {
            this.option = option;
            this.property = property;
        }

        /** The value of the system property {@code cooperativetls.readCall}. */
        String property() {
            return property;
        }

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return option;
        }
    }

    /** What a page runs on. */
    enum Threads {
        VIRTUAL,
        PLATFORM;

        /** A daemon, so that a page that is stuck cannot keep the program alive. */
        Thread unstarted(String name, Runnable task) {
            return switch (this) {
                case VIRTUAL -> Thread.ofVirtual().name(name).unstarted(task);
                case PLATFORM -> Thread.ofPlatform().daemon().name(name).unstarted(task);
            };
        }

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The URL that answers for one page: {@code ?page=N}, after the query that the URL already has. */
    URI page(int id) {
        String base = url.toString();
        return URI.create(base + (url.getRawQuery() == null ? "?" : "&") + "page=" + id);
    }
}
