package dev.cooperativetls.runstages;

import dev.cooperativetls.report.Span;
import dev.cooperativetls.verdict.Page;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** A line for each page as it comes in, with how long each phase took; at most 50 lines a run. */
final class PageLines implements Progress {

    private static final int MOST_LINES = 50;

    private final Cell cell;
    private final int pages;
    private final PrintStream out;
    private int came;

    PageLines(Cell cell, int pages, PrintStream out) {
        this.cell = cell;
        this.pages = pages;
        this.out = out;
    }

    @Override
    public void page(Page page) {
        int due = Math.ceilDiv(came * Math.min(pages, MOST_LINES), pages);
        came++;
        if (Math.ceilDiv(came * Math.min(pages, MOST_LINES), pages) > due) {
            out.println("%-18s page %d: %s%s".formatted(cell, page.page(), phases(page), ended(page)));
        }
    }

    private static String phases(Page page) {
        return Span.of(page).stream()
                .map(span -> String.format(Locale.ROOT, "%s %.2f, ", span.phase().label(), span.to() - span.from()))
                .collect(Collectors.joining());
    }

    private static String ended(Page page) {
        String end = page.end() == null ? "not ended" : String.format(Locale.ROOT, "ended at %.2f s", page.end());
        return page.valid() ? end : end + ", invalid: " + page.problem();
    }

    @Override
    public void close() {
        // Every line is out.
    }
}
