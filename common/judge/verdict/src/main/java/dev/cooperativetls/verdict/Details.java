package dev.cooperativetls.verdict;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.Jar;
import dev.cooperativetls.events.MethodTime;
import java.time.Instant;
import java.util.List;

/**
 * Facts about a run that play no part in its verdict.
 *
 * @param program the program's command line
 * @param started when the run began
 * @param cpuSeconds the CPU time of the run in seconds; null if the program did not report it
 * @param jars the program's class path; null if the program did not report it
 * @param profile the time spent in methods, with the longest cumulative time first; null if there is no profile
 * @param trace the calls of those methods; null if there is no trace
 */
public record Details(List<String> program, Instant started, Double cpuSeconds, List<Jar> jars,
        List<MethodTime> profile, List<Call> trace) {}
