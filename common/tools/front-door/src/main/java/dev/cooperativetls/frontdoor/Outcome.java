package dev.cooperativetls.frontdoor;

import dev.cooperativetls.recorder.Holder;
import dev.cooperativetls.recorder.Instrument;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.verdict.Details;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Page;
import dev.cooperativetls.verdict.Verdict;
import java.util.List;
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

    /**
     * As it is saved and drawn.
     *
     * @param command what the user typed
     */
    RunResult result(List<String> command) {
        Details details = seen.details();
        return new RunResult(cell.stage().number(), cell.installed(), cell.why(), cell.readCall().method(),
                cell.expected().name(), seen.verdict().map(Verdict::name).orElse(null), seen.reason(), seen.pageCount(),
                seen.valid(), rounded(seen.typicalWaitSeconds()), rounded(seen.elapsedSeconds()),
                rounded(seen.overlap()), seen.atOnce(),
                seen.serverPeak().isPresent() ? seen.serverPeak().getAsInt() : null, seen.carriers(), seen.provider(),
                seen.socketClass(), seen.culprit().map(Holder::frame).orElse(null),
                Instrument.missing().isEmpty() ? seen.holders() : null,
                cell.stage().hasPatch() ? cell.patched() ? "on" : "off" : null, details.cpuSeconds(), seen.jdk(),
                "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(), details.started().toString(), command, details.program(),
                details.jars(), seen.pages(), details.profile());
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
