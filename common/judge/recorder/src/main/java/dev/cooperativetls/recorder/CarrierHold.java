package dev.cooperativetls.recorder;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One time in which a virtual thread blocked its carrier without a break. A thread that was only sampled was seen at
 * least {@link #SIGHTINGS} times, because a thread that comes and goes may be sampled twice by chance.
 *
 * @param frame the method that blocked, as {@code package.Class.method}
 * @param kind the way in which it blocked the carrier; never {@code UNSEEN}
 * @param from when the thread was first seen there
 * @param atLeast for how long it certainly blocked; the block may have begun earlier and ended later
 * @param samples how often it was seen
 * @param compensated whether a spare carrier of the JDK ran the other threads, so that none had to wait
 * @param inTheJvm whether the thread waited for work of the JVM: it loads, links or initialises a class, or collects
 *     garbage. The busier the machine, the longer this takes. False for a class initialiser that itself waits
 * @param thread the identifier of the virtual thread
 * @param detail more in words, such as the method that parked; null if there is nothing to add
 * @param stack the stack at one of these moments, innermost frame first, without file names
 */
public record CarrierHold(String frame, Kind kind, Instant from, Duration atLeast, int samples, boolean compensated,
        boolean inTheJvm, long thread, String detail, List<StackTraceElement> stack) {

    /** How often a thread must be sampled at least, so that its samples are a hold. */
    public static final int SIGHTINGS = 3;

    public CarrierHold {
        Objects.requireNonNull(frame);
        Objects.requireNonNull(kind);
        stack = List.copyOf(stack);
    }
}
