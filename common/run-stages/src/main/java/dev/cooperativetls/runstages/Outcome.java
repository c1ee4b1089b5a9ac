package dev.cooperativetls.runstages;

import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Page;
import java.util.Optional;

/** What came of a cell's run. */
record Outcome(Cell cell, Observation seen) {

    boolean asExpected() {
        return seen.verdict().equals(Optional.of(cell.expected()));
    }

    /** Why the verdict is not the expected one, in a line. */
    String complaint() {
        return seen.verdict()
                .map(verdict -> "%s: %s, expected %s: %s".formatted(cell, verdict, cell.expected(), seen.reason()))
                .orElseGet(() -> "%s: nothing to judge, %s, the first: %s".formatted(cell, seen.reason(), firstProblem()));
    }

    String firstProblem() {
        return seen.pages().stream().filter(page -> !page.valid()).findFirst().map(Page::problem).orElse("unknown");
    }
}
