package dev.cooperativetls.fetch;

import java.time.Instant;

/** The run's clock: the instant of its start, and the seconds since, by {@link System#nanoTime()}. */
record Stopwatch(Instant started, long nanos) {

    static Stopwatch start() {
        return new Stopwatch(Instant.now(), System.nanoTime());
    }

    long elapsedNanos() {
        return System.nanoTime() - nanos;
    }

    double elapsedSeconds() {
        return elapsedNanos() / 1e9;
    }
}
