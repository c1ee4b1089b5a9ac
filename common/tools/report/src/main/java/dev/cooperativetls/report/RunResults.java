package dev.cooperativetls.report;

import dev.cooperativetls.events.ResultsHead;
import java.util.List;
import java.util.Objects;

/**
 * The results of one command.
 *
 * @param head where, when and how the runs were made
 * @param runs the runs and their verdicts
 */
public record RunResults(ResultsHead head, List<RunResult> runs) {

    public RunResults {
        Objects.requireNonNull(head);
        runs = List.copyOf(runs);
    }
}
