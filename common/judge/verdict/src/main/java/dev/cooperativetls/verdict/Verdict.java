package dev.cooperativetls.verdict;

import java.util.Optional;

/**
 * Whether the waits of a run overlapped. Decided by how many requests waited at once and by the overlap, never by an
 * absolute time alone: a busy machine stretches a run, but lets no blocked carrier send a second request.
 */
public enum Verdict {

    /** The waits overlapped: more than half of the pages at once, or at least half of them on average. */
    FAST,

    /** One wait at a time for each carrier. */
    SLOW,

    /** Between the two: some waits overlapped. */
    PARTIAL,

    /** Not done within the bound. */
    HUNG;

    /**
     * Decides.
     *
     * @return nothing if what was observed says nothing about waiting: a page failed, no wait was seen, or there was a
     *     carrier for every page, so that blocked carriers and free ones look alike
     */
    public static Optional<Verdict> of(Observation observation) {
        if (observation.timedOut()) {
            return Optional.of(HUNG);
        }
        int atOnce = observation.atOnce();
        if (observation.invalid() > 0 || atOnce == 0 || observation.pageCount() <= observation.carriers()) {
            return Optional.empty();
        }
        // First, since it is true on a machine of any speed: a blocked carrier never has two requests under way.
        if (atOnce <= observation.carriers()) {
            return Optional.of(SLOW);
        }
        double half = observation.pageCount() / 2.0;
        if (atOnce > half || observation.overlap() >= half) {
            return Optional.of(FAST);
        }
        return Optional.of(PARTIAL);
    }
}
