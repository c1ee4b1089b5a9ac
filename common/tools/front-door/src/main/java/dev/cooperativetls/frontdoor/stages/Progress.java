package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.Page;
import java.io.PrintStream;

/** Shows the pages of runs: on a terminal as growing waterfalls, in a pipe as plain lines. Thread-safe. */
interface Progress extends AutoCloseable {

    /** Begins to show a run. */
    default void begin(Cell cell) {}

    /** Shows a page that has ended. */
    default void page(Cell cell, Page page) {}

    /** Ends the run. */
    default void end(Cell cell) {}

    @Override
    default void close() {}

    /** Returns a progress that shows nothing. */
    static Progress none() {
        return new Progress() {};
    }

    /**
     * Returns a progress for runs of this number of pages.
     *
     * @param terminal rows and columns in the form of {@code stty size}; empty if there is no terminal
     */
    static Progress of(int pages, PrintStream out, String terminal) {
        if (terminal.matches("\\d{1,4} \\d{1,4}")) {
            int rows = Integer.parseInt(terminal.split(" ")[0]);
            int columns = Integer.parseInt(terminal.split(" ")[1]);
            if (rows >= LiveWaterfalls.LEAST_ROWS && columns >= LiveWaterfalls.LEAST_COLUMNS) {
                return new LiveWaterfalls(pages, out, rows, columns);
            }
        }
        return new PageLines(pages, out);
    }
}
