package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A stage and read call that {@code .ci/prove-under-load} has run several times.
 *
 * @param verdicts how many runs had each verdict; {@code none} if there was none
 */
public record RepeatedCell(String stage, String readCall, Verdict expected, Map<String, Long> verdicts, int leastPeak,
        int mostPeak, double leastSeconds, double mostSeconds) {

    /** @param runs at least one, all of one stage and read call */
    static RepeatedCell of(List<RunResult> runs) {
        RunResult first = runs.getFirst();
        var peaks = runs.stream().mapToInt(run -> run.observation().atOnce()).summaryStatistics();
        var seconds = runs.stream().mapToDouble(run -> run.observation().elapsedSeconds()).summaryStatistics();
        Map<String, Long> verdicts = runs.stream().map(RunResult::verdict)
                .collect(Collectors.groupingBy(verdict -> verdict == null ? "none" : verdict.name(), TreeMap::new,
                        Collectors.counting()));
        return new RepeatedCell(first.stage(), first.readCall(), first.expected(), verdicts, peaks.getMin(),
                peaks.getMax(), seconds.getMin(), seconds.getMax());
    }
}
