package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.report.Span;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a line for each valid page when it ends, with the duration of each phase. A run has at most 50 lines. */
final class PageLines implements Progress {

    private static final int MOST_LINES = 50;

    private final int pages;
    private final PrintStream out;
    private final Map<Cell, Integer> validOfCell = new HashMap<>();

    PageLines(int pages, PrintStream out) {
        this.pages = pages;
        this.out = out;
    }

    @Override
    public synchronized void page(Cell cell, Page page) {
        if (!page.valid()) {
            return; // it is reported at the end of the run, with the reason
        }
        int valid = validOfCell.merge(cell, 1, Integer::sum);
        if (lines(valid) > lines(valid - 1)) {
            out.println(String.format(Locale.ROOT, "%-18s page %d: %sended at %.2f s", cell, page.page(), phases(page),
                    page.end()));
        }
    }

    /** Returns the number of lines for this number of pages. */
    private int lines(int valid) {
        return Math.ceilDiv(valid * Math.min(pages, MOST_LINES), pages);
    }

    private static String phases(Page page) {
        return Span.of(page).stream()
                .map(span -> String.format(Locale.ROOT, "%s %.2f, ", span.phase().label(), span.to() - span.from()))
                .collect(Collectors.joining());
    }
}
