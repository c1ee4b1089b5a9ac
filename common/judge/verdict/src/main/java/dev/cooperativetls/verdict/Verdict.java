package dev.cooperativetls.verdict;

/** The answer to whether the waits of a run overlapped. {@link Observation#verdict()} decides. */
public enum Verdict {

    /** The waits overlapped: more than half of the pages at the same time, or at least half of them on average. */
    FAST,

    /** Each carrier had one wait at a time. */
    SLOW,

    /** Some waits overlapped. */
    PARTIAL,

    /** The run exceeded its timeout. */
    HUNG
}
