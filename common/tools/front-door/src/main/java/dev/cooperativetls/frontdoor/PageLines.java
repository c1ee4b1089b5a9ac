package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.report.Span;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** A line for each valid page as it comes in, with how long each phase took; at most 50 lines a run. */
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
    public void begin() {
        // There is nothing to tell yet.
    }

    @Override
    public void page(Page page) {
        if (!page.valid()) {
            return; // it is told at the end, with why
        }
        int due = Math.ceilDiv(came * Math.min(pages, MOST_LINES), pages);
        came++;
        if (Math.ceilDiv(came * Math.min(pages, MOST_LINES), pages) > due) {
            out.println(String.format(Locale.ROOT, "%-18s page %d: %sended at %.2f s", cell, page.page(), phases(page),
                    page.end()));
        }
    }

    private static String phases(Page page) {
        return Span.of(page).stream()
                .map(span -> String.format(Locale.ROOT, "%s %.2f, ", span.phase().label(), span.to() - span.from()))
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        // Every line is out.
    }
}
