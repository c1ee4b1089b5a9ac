package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The carriers of a flight recording, and what blocked them.
 *
 * @param from the beginning of the part that counts
 * @param to the end of the part that counts
 * @param jvmVersion the version of the JVM, as the JVM writes it; null if the recording does not have it
 * @param carriers the number of carriers; empty if that is not known, and then there are no blocks
 * @param source where the number of carriers comes from
 * @param sight what the recording can show
 * @param threadsInTurn the greatest number of threads in native code among which the sampler took turns
 * @param blocks the places that blocked the carriers, the largest share first
 * @param stacks for the frame of each block, how long each of its stacks blocked a carrier; innermost frame first
 */
public record Recorded(Instant from, Instant to, String jvmVersion, OptionalInt carriers, Source source,
        Sight sight, int threadsInTurn, List<CarrierBlock> blocks, Map<String, Map<List<String>, Duration>> stacks) {

    /** Where the number of carriers comes from. */
    public enum Source {
        /** The caller gave it. */
        GIVEN,
        /** An option of the JVM set it. */
        CONFIGURED,
        /** It is the number of processors, which is the JDK's default. */
        PROCESSORS
    }

    public Recorded {
        blocks = List.copyOf(blocks);
        stacks = Map.copyOf(stacks);
    }
}
