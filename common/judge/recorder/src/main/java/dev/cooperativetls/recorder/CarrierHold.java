package dev.cooperativetls.recorder;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One time that a virtual thread blocked its carrier, without a break. If the thread was only sampled, it was seen at
 * least {@link #SIGHTINGS} times: one that comes and goes may be met twice by chance.
 *
 * @param frame the method that blocked, as {@code class.method}
 * @param kind the way in which it blocked the carrier; never {@code UNSEEN}
 * @param from when the thread was seen there first
 * @param atLeast for how long it certainly blocked; it may have begun before and ended later
 * @param samples how often it was seen
 * @param compensated whether the JDK had a spare carrier run the other threads, so that nobody had to wait
 * @param inTheJvm whether the JVM made it wait, for its own work: to load, link or initialise a class, or to collect
 *         garbage. The busier the machine, the longer this takes. An initialiser that waits itself is not meant
 * @param thread the identifier of the virtual thread
 * @param detail what else there is to say, such as the method that parked; null if there is nothing
 * @param stack its stack at one of these moments, innermost frame first, without the names of files
 */
public record CarrierHold(String frame, Kind kind, Instant from, Duration atLeast, int samples, boolean compensated,
        boolean inTheJvm, long thread, String detail, List<StackTraceElement> stack) {

    /** How often a thread must be sampled for a hold. */
    public static final int SIGHTINGS = 3;

    public CarrierHold {
        Objects.requireNonNull(frame);
        Objects.requireNonNull(kind);
        stack = List.copyOf(stack);
    }
}
