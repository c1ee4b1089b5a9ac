package dev.cooperativetls.verdict;

import java.util.Optional;

/**
 * Whether the waits of a run overlapped. Decided by how many requests waited at once and by the overlap, never by an
 * absolute time alone: a busy machine stretches a run, but lets no held carrier send a second request.
 */
public enum Verdict {

    /** The waits overlapped as the server allowed: all at once, or at least half of the pages on average. */
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
     * @return nothing if a page failed: then what was observed says nothing about waiting
     */
    public static Optional<Verdict> of(Observation observation) {
        if (observation.timedOut()) {
            return Optional.of(HUNG);
        }
        if (observation.invalid() > 0) {
            return Optional.empty();
        }
        int atOnce = observation.atOnce();
        // First, since it holds on a machine of any speed: a held carrier never has two requests under way.
        if (atOnce <= observation.carriers()) {
            return Optional.of(SLOW);
        }
        if (atOnce == observation.pageCount() || observation.overlap() >= observation.pageCount() / 2.0) {
            return Optional.of(FAST);
        }
        return Optional.of(PARTIAL);
    }
}
