package dev.cooperativetls.verdict;

import dev.cooperativetls.recorder.Call;
import dev.cooperativetls.recorder.Jar;
import dev.cooperativetls.recorder.MethodTime;
import java.time.Instant;
import java.util.List;

/**
 * What is worth telling of a run, but plays no part in its verdict.
 *
 * @param program the program's command line
 * @param started when the run began
 * @param cpuSeconds the processor time that the program took for it; null if it does not tell
 * @param jars the program's class path; null if it was not asked to tell
 * @param profile which methods took how long, by cumulative time; null if none was taken
 * @param trace the calls of those methods; null if none was taken
 */
public record Details(List<String> program, Instant started, Double cpuSeconds, List<Jar> jars,
        List<MethodTime> profile, List<Call> trace) {}
