package dev.cooperativetls.runstages;

import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Page;
import dev.cooperativetls.verdict.Verdict;
import java.util.Optional;

/** What came of a cell's run. */
record Outcome(Cell cell, Observation seen) {

    boolean asExpected() {
        return seen.verdict().equals(Optional.of(cell.expected()));
    }

    /** Why the verdict is not the expected one, in a line. */
    String complaint() {
        return seen.verdict()
                .map(verdict -> "%s: %s, expected %s: %s%s"
                        .formatted(cell, verdict, cell.expected(), seen.reason(), advice(verdict)))
                .orElseGet(() -> "%s: nothing to judge, %s, the first: %s"
                        .formatted(cell, seen.reason(), firstProblem()));
    }

    /** A machine that takes longer than the delay to get the pages under way makes a fast stage look like half of one. */
    private static String advice(Verdict verdict) {
        return verdict == Verdict.PARTIAL ? "; if the machine is slow or busy, ask for a longer --delay" : "";
    }

    String firstProblem() {
        return seen.pages().stream().filter(page -> !page.valid()).findFirst().map(Page::problem).orElse("unknown");
    }
}
