package dev.cooperativetls.recorder;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A place in the code at which virtual threads blocked their carriers.
 *
 * @param frame the method that blocked, as {@code class.method}
 * @param kind the way in which it blocked the carriers
 * @param share the share of the carriers' time, 0 to 1, as sampled
 * @param stack the whole stack of one such moment, innermost frame first
 */
public record CarrierBlock(String frame, Kind kind, double share, List<String> stack) {

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
        /** Using the CPU: computing or spinning. */
        COMPUTING
    }

    /** Returns whether its share is large enough for an accusation. Every run computes a little. */
    public boolean worthNaming() {
        return share >= 0.1;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s (%s, %.0f %%)", frame, kind.name().toLowerCase(Locale.ROOT), 100 * share);
    }
}
