package dev.cooperativetls.recorder;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A place in the code at which virtual threads blocked their carriers.
 *
 * @param frame the method that blocked, as {@code class.method}; or {@code class initialisers}, or {@code unseen}
 * @param kind the way in which it blocked the carriers
 * @param share the share of the carriers' time, 0 to 1, as sampled
 * @param costlyShare the part of the share in which no carrier was free, so that other threads had to wait
 * @param longestSeconds how long it blocked one carrier at a time at the most, in seconds; 0 if that is not known
 * @param samples how often it was seen; 0 if that is not known
 * @param compensated whether the JDK had spare carriers run the other threads, so that nobody had to wait
 * @param detail what else there is to say, such as the method that parked; null if there is nothing
 * @param stack the whole stack of one such moment, innermost frame first
 */
public record CarrierBlock(String frame, Kind kind, double share, double costlyShare,
        double longestSeconds, int samples, boolean compensated, String detail, List<String> stack) {

    public CarrierBlock {
        Objects.requireNonNull(frame);
        Objects.requireNonNull(kind);
        stack = List.copyOf(stack);
    }

    /** The ways to block a carrier. */
    public enum Kind {
        /** Waiting in native code, such as a system call, which the scheduler cannot see. */
        NATIVE,
        /** Parked, but pinned: the carrier parks with the thread. */
        PINNED,
        /** Using the CPU in Java code or in native code: computing or spinning. */
        COMPUTING,
        /** Unknown: the carriers had work, and no event says which. */
        UNSEEN;

        /** Returns its name as texts have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A block of which there is no more to say. */
    public CarrierBlock(String frame, Kind kind, double share, List<String> stack) {
        this(frame, kind, share, share, 0, 0, false, null, stack);
    }

    /** Returns the same block without its stack. */
    public CarrierBlock withoutStack() {
        return new CarrierBlock(frame, kind, share, costlyShare, longestSeconds, samples, compensated, detail,
                List.of());
    }

    /** Returns whether its share is large enough for an accusation. Every run computes a little. */
    public boolean worthNaming() {
        return costlyShare >= 0.1 && !compensated;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s (%s%.0f %%%s)", frame,
                kind == Kind.UNSEEN ? "" : kind.word() + ", ", 100 * share,
                detail == null ? "" : "; " + detail);
    }
}
