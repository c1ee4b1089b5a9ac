package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a recording tells of single threads on their carriers.
 *
 * @param holds each time that a thread blocked its carrier without a break, as far as it is certain, the longest first
 * @param sightings when a virtual thread was seen on a carrier, and for how long; of a sample that is zero
 * @param turn how long the sampler took to come round to the same thread in native code, at the most; zero if it did
 *     not sample native code
 */
public record RecordedHolds(List<CarrierHold> holds, Map<Instant, Duration> sightings, Duration turn) {

    public RecordedHolds {
        holds = List.copyOf(holds);
        sightings = Map.copyOf(sightings);
    }
}
