package dev.cooperativetls.recorder;

import java.util.List;
import java.util.Locale;

/**
 * A place in the code at which virtual threads held their carriers.
 *
 * @param frame the first frame of the stack that is not the JDK's, as {@code class.method}
 * @param kind in which way
 * @param share how much of the carriers' time, 0 to 1, as sampled
 * @param stack the whole stack of one such moment, innermost frame first
 */
public record Holder(String frame, Kind kind, double share, List<String> stack) {

    /** The ways to hold a carrier. */
    public enum Kind {
        /** In native code, such as a system call: the scheduler does not learn of it. */
        NATIVE,
        /** Parked, but pinned: the carrier parks with the thread. */
        PINNED,
        /** Running Java code: computing or spinning. */
        RUNNING
    }

    /** Whether it is worth an accusation: every run computes a little. */
    public boolean worthNaming() {
        return share >= 0.1;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s (%s, %.0f %%)", frame, kind.name().toLowerCase(Locale.ROOT), 100 * share);
    }
}
