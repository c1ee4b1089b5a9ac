package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.FlightRecording;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.frontdoor.SavedPaths;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.util.Optional;

/**
 * The observation of a cell's run.
 *
 * @param start the event that the program printed at its start; null if it is not needed
 */
record Outcome(Cell cell, Start start, Observation seen) {

    /** Returns whether there is a verdict, and whether it is the expected one if one is expected. */
    boolean asExpected() {
        return seen.verdict().isPresent() && (cell.expected().isEmpty() || seen.verdict().equals(cell.expected()));
    }

    /** Returns why the verdict is not as expected, in one line. */
    String complaint() {
        return seen.verdict()
                .map(verdict -> "%s: %s, expected %s: %s%s"
                        .formatted(cell, verdict, cell.expected().orElseThrow(), seen.reason(), advice(verdict)))
                .orElseGet(() -> "%s: no verdict: %s%s".formatted(cell, seen.reason(),
                        seen.firstProblem().map(", the first: "::concat).orElse("")));
    }

    /** Returns advice. If the machine needs longer than the delay to start the pages, a fast stage becomes PARTIAL. */
    private static String advice(Verdict verdict) {
        return verdict == Verdict.PARTIAL ? "; if the machine is slow or busy, give a longer --delay" : "";
    }

    /**
     * Returns the run as it is saved and drawn.
     *
     * @param client the HTTP client
     */
    RunResult result(String client) {
        Optional<Verdict> verdict = seen.verdict();
        return new RunResult(cell.stage().name(), cell.installed(), cell.why(), cell.readCall(), client,
                cell.stage().patchOff() == null ? null : cell.patched() ? "on" : "off",
                cell.expected().orElse(null), verdict.orElse(null), seen.reason(),
                seen.toBeSaved(SavedPaths::without), FlightRecording.missing().isEmpty());
    }
}
