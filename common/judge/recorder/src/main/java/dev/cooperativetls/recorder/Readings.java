package dev.cooperativetls.recorder;

import java.util.List;

/**
 * What the instruments read of a run.
 *
 * @param profile the methods, by cumulative time; null if no profile was asked for
 * @param trace the calls, in the order in which they began; null if no trace was asked for
 * @param holders what held the carriers, the longest first
 */
public record Readings(List<MethodTime> profile, List<Call> trace, List<Holder> holders) {}
