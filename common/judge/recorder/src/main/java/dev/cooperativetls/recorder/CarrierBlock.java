package dev.cooperativetls.recorder;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A place in the code at which virtual threads blocked their carriers.
 *
 * <p>Its text is, for example, {@code a.Native.sort (pinned, 95 %; parked in a.Callback.ask)}.
 *
 * @param frame the method that blocked, as {@code package.Class.method}; or {@code class initialisers} if many of them
 *     are one block; or {@code unseen}
 * @param kind the way in which it blocked the carriers
 * @param share the estimated share of the carriers' time, 0 to 1
 * @param costlyShare the part of {@code share} in which no carrier was free, so that other threads had to wait
 * @param longestSeconds the longest time for which it blocked one carrier without a break; 0 if that is not known
 * @param samples how often it was seen; 0 if that is not known
 * @param compensated whether spare carriers of the JDK ran the other threads, so that none had to wait
 * @param detail more in words, such as the method that parked; null if there is nothing to add
 * @param stack the stack at one of these moments, innermost frame first; empty if it is unknown or was left out
 */
public record CarrierBlock(String frame, Kind kind, double share, double costlyShare,
        double longestSeconds, int samples, boolean compensated, String detail, List<String> stack) {

    /** The detail of a native block if there is too little evidence to tell a wait from a computation. */
    static final String OR_COMPUTING = "or computing: threads had to wait for a CPU";

    public CarrierBlock {
        Objects.requireNonNull(frame);
        Objects.requireNonNull(kind);
        stack = List.copyOf(stack);
    }

    /** The ways to block a carrier. */
    public enum Kind {
        /** Waiting in native code, for example in a system call, which the scheduler cannot see. */
        NATIVE,
        /** Parked while pinned: the carrier parks with the thread. Or waiting inside the JVM. */
        PINNED,
        /** Using the CPU in Java code or in native code: computing or spinning. */
        COMPUTING,
        /** Unknown: the carriers had work, and no event shows which. */
        UNSEEN;

        /** Returns the name in lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Creates a block that costs all its share, without samples and detail. */
    public CarrierBlock(String frame, Kind kind, double share, List<String> stack) {
        this(frame, kind, share, share, 0, 0, false, null, stack);
    }

    /** Returns the same block without its stack. */
    public CarrierBlock withoutStack() {
        return new CarrierBlock(frame, kind, share, costlyShare, longestSeconds, samples, compensated, detail,
                List.of());
    }

    /** Returns whether it cost others at least a tenth of the carriers' time. Every run computes a little. */
    public boolean worthNaming() {
        return costlyShare >= 0.1 && !compensated;
    }

    /** Returns whether a native block may be a computation, because the CPUs of the machine were all busy. */
    public boolean mayCompute() {
        return detail != null && detail.contains(OR_COMPUTING);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s (%s%.0f %%%s)", frame,
                kind == Kind.UNSEEN ? "" : kind.word() + ", ", 100 * share,
                detail == null ? "" : "; " + detail);
    }
}
