package dev.cooperativetls.verdict;

/** Whether the waits of a run overlapped. {@link Observation#verdict()} decides. */
public enum Verdict {

    /** The waits overlapped: more than half of the pages at once, or at least half of them on average. */
    FAST,

    /** One wait at a time for each carrier. */
    SLOW,

    /** Between the two: some waits overlapped. */
    PARTIAL,

    /** Not done within the bound. */
    HUNG
}
