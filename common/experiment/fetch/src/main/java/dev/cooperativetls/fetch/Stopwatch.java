package dev.cooperativetls.fetch;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** The clock of a run, with the instant of its start and the time since then, by {@link System#nanoTime()}. */
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

    /** Returns a duration as the user wrote it, such as {@code 0.5 s}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString() + " s";
    }
}
