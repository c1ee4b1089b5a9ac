package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;

/** A span of time. */
record Interval(Instant from, Instant to) {

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    Duration length() {
        return Duration.between(from, to);
    }

    boolean contains(Instant time) {
        return !time.isBefore(from) && !time.isAfter(to);
    }

    /** Returns the part that both intervals have in common; null if there is none. */
    Interval within(Interval other) {
        Instant start = later(from, other.from);
        Instant end = earlier(to, other.to);
        return end.isBefore(start) ? null : new Interval(start, end);
    }
}
