package dev.cooperativetls.runstages;

import dev.cooperativetls.verdict.Page;
import java.io.PrintStream;

/**
 * A dot for each page as it comes in, a line for each run: one after another in a slow stage, all at once in a fast
 * one. At most 50 dots a run.
 */
final class Progress {

    private static final int MOST_DOTS = 50;

    private final PrintStream out;
    private final Cell cell;
    private final int pages;
    private int valid;
    private int dots;

    Progress(PrintStream out, Cell cell, int pages) {
        this.out = out;
        this.cell = cell;
        this.pages = pages;
    }

    void page(Page page) {
        if (!page.valid()) {
            return;
        }
        if (valid++ == 0) {
            out.printf("%-20s", cell);
        }
        // Rounded up, so that the first page is seen at once.
        int due = Math.ceilDiv(valid * Math.min(pages, MOST_DOTS), pages);
        out.print(".".repeat(due - dots));
        out.flush();
        dots = due;
    }

    void end() {
        if (valid > 0) {
            out.println();
        }
    }
}
