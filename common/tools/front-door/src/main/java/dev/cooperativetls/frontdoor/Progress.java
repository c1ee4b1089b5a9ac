package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.Page;
import java.io.PrintStream;

/** Shows a run's pages as they come in: on a terminal their waterfall, which grows; in a pipe plain lines. */
interface Progress extends AutoCloseable {

    /** The run has begun. */
    void begin();

    void page(Page page);

    @Override
    void close();

    /**
     * Shows the run of a cell.
     *
     * @param terminal rows and columns, as {@code stty size} prints them; empty if there is no terminal
     */
    static Progress of(Cell cell, int pages, PrintStream out, String terminal) {
        if (terminal.matches("\\d{1,4} \\d{1,4}")) {
            int rows = Integer.parseInt(terminal.split(" ")[0]);
            int columns = Integer.parseInt(terminal.split(" ")[1]);
            if (rows >= LiveWaterfall.LEAST_ROWS && columns >= LiveWaterfall.LEAST_COLUMNS) {
                return new LiveWaterfall(cell, pages, out, rows, columns);
            }
        }
        return new PageLines(cell, pages, out);
    }
}
