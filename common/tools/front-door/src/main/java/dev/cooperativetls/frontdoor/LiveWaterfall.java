package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.report.Phase;
import dev.cooperativetls.report.Span;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/**
 * The waterfall of a run under way, on a terminal: a bar for each page, drawn anew as time goes on and as pages come
 * in. A page's phases are known once it has ended; until then it is a line of dots.
 */
final class LiveWaterfall implements Progress {

    private static final long REDRAW_MILLIS = 200;
    /** What a bar's line holds beside the bar. */
    private static final int MARGIN = 23;
    static final int LEAST_ROWS = 6;
    static final int LEAST_COLUMNS = 50;
    private static final Map<Phase, Character> MARKS =
            Map.of(Phase.CONNECT, ':', Phase.HANDSHAKE, '-', Phase.WAITING, '#', Phase.READING, '>');
    private static final String LEGEND = ": connect  - handshake  # waiting  > reading";

    private final Cell cell;
    private final int pages;
    private final PrintStream out;
    /** How many pages have a bar; the terminal cannot be drawn over beyond its own height. */
    private final int bars;
    private final int columns;
    private final int width;
    private final Map<Integer, Page> ended = new TreeMap<>();
    private final ScheduledExecutorService redrawing =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("waterfall").factory());
    private long began;
    private int drawn;

    LiveWaterfall(Cell cell, int pages, PrintStream out, int rows, int columns) {
        this.cell = cell;
        this.pages = pages;
        this.out = out;
        this.columns = columns;
        // Beside the bars there are a first line, a last one if there are more pages, and the cursor's own.
        this.bars = Math.min(rows - 3, pages);
        this.width = columns - MARGIN;
    }

    @Override
    public void begin() {
        began = System.nanoTime();
        redrawing.scheduleAtFixedRate(this::draw, 0, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void page(Page page) {
        ended.put(page.page(), page);
    }

    /** Draws the last state, and leaves it there. */
    @Override
    public void close() {
        redrawing.close(); // waits for a drawing under way
        if (began != 0) {
            draw();
        }
    }

    private synchronized void draw() {
        List<String> lines = lines();
        StringBuilder frame = new StringBuilder(drawn == 0 ? "" : "\033[" + drawn + "F"); // up, to the first line
        lines.forEach(line -> frame.append("\033[2K").append(line).append('\n'));
        out.print(frame);
        out.flush();
        drawn = lines.size();
    }

    /** The picture of this moment. */
    private List<String> lines() {
        double last = ended.values().stream().map(Page::end).filter(end -> end != null).reduce(0.0, Math::max);
        boolean done = ended.size() == pages;
        double scale = done ? last : Math.max(last, (System.nanoTime() - began) / 1e9);
        List<String> lines = new ArrayList<>();
        String counts = "  %d of %d pages  %s".formatted(ended.size(), pages, LEGEND);
        String name = cell.toString();
        lines.add(Ansi.AUTO.string("@|bold %s|@".formatted(name))
                + counts.substring(0, Math.min(counts.length(), columns - name.length())));
        // First those that have ended, in the order in which they got to wait.
        Stream.concat(
                ended.values().stream().sorted(Span.BY_WAIT).map(page -> String.format(Locale.ROOT,
                        " page %4d  |%s| %6.2f s", page.page(), bar(page, scale), page.end())),
                IntStream.range(0, pages).filter(id -> !ended.containsKey(id)).mapToObj(id -> String.format(Locale.ROOT,
                        " page %4d  |%s|", id, ".".repeat(width))))
                .limit(bars).map(line -> line.substring(0, Math.min(line.length(), columns))).forEach(lines::add);
        if (bars < pages) {
            lines.add(" and %d more".formatted(pages - bars));
        }
        return lines;
    }

    private String bar(Page page, double scale) {
        char[] bar = new char[width];
        Arrays.fill(bar, ' ');
        for (Span span : Span.of(page)) {
            Arrays.fill(bar, column(span.from() / scale), column(span.to() / scale), MARKS.get(span.phase()));
        }
        return new String(bar);
    }

    private int column(double share) {
        return Math.clamp(Math.round(share * width), 0, width);
    }
}
