package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a recording tells of the carriers.
 *
 * @param from the beginning of what counts
 * @param to the end of what counts
 * @param jvmVersion the version of the JVM, in its own words; null if the recording does not say
 * @param carriers how many carriers there were; empty if that is not known, and then there are no blocks
 * @param source where that number comes from
 * @param sight what the recording can tell
 * @param threadsInTurn among how many threads in native code the sampler took turns, at the most
 * @param blocks what blocked the carriers, the longest first
 * @param stacks by the frame of a block, how long each of its stacks blocked a carrier, innermost frame first
 */
public record Recorded(Instant from, Instant to, String jvmVersion, OptionalInt carriers, Source source,
        Sight sight, int threadsInTurn, List<CarrierBlock> blocks, Map<String, Map<List<String>, Duration>> stacks) {

    /** Where the number of carriers comes from. */
    public enum Source {
        /** The caller gave it. */
        GIVEN,
        /** An option of the JVM. */
        CONFIGURED,
        /** The number of processors, which is the JDK's default. */
        PROCESSORS
    }

    public Recorded {
        blocks = List.copyOf(blocks);
        stacks = Map.copyOf(stacks);
    }
}
