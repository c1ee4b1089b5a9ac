package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The single virtual threads of a flight recording that blocked their carriers.
 *
 * @param holds each time in which a thread certainly blocked its carrier without a break, the longest first
 * @param sightings when a virtual thread was seen on a carrier, and for how long; zero for a sample
 * @param turn the longest time that the sampler needed to return to the same thread in native code; zero if it did
 *     not sample native code
 */
public record RecordedHolds(List<CarrierHold> holds, Map<Instant, Duration> sightings, Duration turn) {

    public RecordedHolds {
        holds = List.copyOf(holds);
        sightings = Map.copyOf(sightings);
    }
}
