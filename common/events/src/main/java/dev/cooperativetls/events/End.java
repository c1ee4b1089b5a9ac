package dev.cooperativetls.events;

import java.time.Instant;

/**
 * The end of a run.
 *
 * @param time the instant of the end; null if the program does not report it
 * @param elapsedSeconds the time since the {@link Start}
 * @param cpuSeconds the CPU time of the program's process since the {@link Start}; null if it is not known
 * @param valid the number of valid pages
 * @param invalid the number of invalid pages
 * @param timedOut whether the timeout passed before all pages had ended
 * @param socketClass the class of the sockets under the connections; null if it is not known
 */
public record End(Instant time, double elapsedSeconds, Double cpuSeconds, int valid, int invalid, boolean timedOut,
        String socketClass) implements Event {}
