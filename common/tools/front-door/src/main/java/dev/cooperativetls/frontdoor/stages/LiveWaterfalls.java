package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.report.Phase;
import dev.cooperativetls.report.Span;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
 * The waterfalls of the current runs on a terminal, with a bar for each page. They share the terminal's rows and are
 * redrawn five times per second. When a run has ended, its waterfall is printed above them and stays. A page's phases
 * are known only when the page has ended; until then its bar is a line of dots.
 */
final class LiveWaterfalls implements Progress {

    static final int LEAST_ROWS = 6;
    static final int LEAST_COLUMNS = 50;
    private static final long REDRAW_MILLIS = 200;
    /** The columns of a line that are not part of the bar. */
    private static final int MARGIN = 23;
    private static final Map<Phase, Character> MARKS =
            Map.of(Phase.CONNECT, ':', Phase.HANDSHAKE, '-', Phase.WAITING, '#', Phase.READING, '>');
    private static final String LEGEND = ": connect  - handshake  # waiting  > reading";

    private final int pages;
    private final PrintStream out;
    /** The lines that can be redrawn: all of the terminal except the cursor's. */
    private final int rows;
    private final int columns;
    private final int width;
    private final Map<Cell, Run> underWay = new LinkedHashMap<>();
    private final List<String> ended = new ArrayList<>();
    private final ScheduledExecutorService redrawing =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("waterfalls").factory());
    private int drawn;

    private record Run(long beganNanos, Map<Integer, Page> ended) {}

    LiveWaterfalls(int pages, PrintStream out, int rows, int columns) {
        this.pages = pages;
        this.out = out;
        this.rows = rows - 1;
        this.columns = columns;
        this.width = columns - MARGIN;
        redrawing.scheduleAtFixedRate(this::draw, 0, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void begin(Cell cell) {
        underWay.put(cell, new Run(System.nanoTime(), new TreeMap<>()));
    }

    @Override
    public synchronized void page(Cell cell, Page page) {
        underWay.get(cell).ended.put(page.page(), page);
    }

    @Override
    public synchronized void end(Cell cell) {
        Run run = underWay.remove(cell);
        if (run != null) { // otherwise the run never began
            ended.addAll(lines(cell, run, rows, 0));
        }
    }

    /** Draws the last state, which stays on the terminal. */
    @Override
    public void close() {
        redrawing.close(); // waits until the current drawing is finished
        draw();
    }

    private synchronized void draw() {
        List<String> live = new ArrayList<>();
        underWay.forEach((cell, run) -> {
            int share = rows / underWay.size();
            live.addAll(lines(cell, run, share, Math.max(0, run.ended.size() - (share - 2))));
        });
        if (live.isEmpty() && ended.isEmpty() && drawn == 0) {
            return;
        }
        StringBuilder frame = new StringBuilder(drawn == 0 ? "" : "\033[" + drawn + "F"); // up to the first line
        Stream.concat(ended.stream(), live.stream().limit(rows))
                .forEach(line -> frame.append("\033[2K").append(line).append('\n'));
        out.print(frame.append("\033[J")); // erases old lines below
        out.flush();
        ended.clear();
        drawn = Math.min(rows, live.size());
    }

    /**
     * Returns the picture of a run as it is now.
     *
     * @param most the greatest number of lines
     * @param skipped how many of the pages that ended first to leave out if there is no line for each page
     */
    private List<String> lines(Cell cell, Run run, int most, int skipped) {
        double last = run.ended.values().stream().map(Page::end).filter(end -> end != null).reduce(0.0, Math::max);
        boolean done = run.ended.size() == pages;
        double scale = done ? last : Math.max(last, (System.nanoTime() - run.beganNanos) / 1e9);
        List<String> lines = new ArrayList<>();
        String counts = "  %s of %s pages  %s".formatted(run.ended.size(), pages, LEGEND);
        String name = cell.toString();
        lines.add(Ansi.AUTO.string("@|bold %s|@".formatted(name))
                + counts.substring(0, Math.min(counts.length(), columns - name.length())));
        // If there is no line for each page, the last line gives the number of the others.
        int bars = most > pages ? pages : Math.max(0, most - 2);
        // First the pages that have ended, in the order in which they began to wait.
        Stream.concat(
                run.ended.values().stream().sorted(Span.BY_WAIT).map(page -> String.format(Locale.ROOT,
                        " page %4d  |%s| %6.2f s", page.page(), bar(page, scale), page.end())),
                IntStream.range(0, pages).filter(id -> !run.ended.containsKey(id)).mapToObj(id ->
                        String.format(Locale.ROOT, " page %4d  |%s|", id, ".".repeat(width))))
                .skip(bars < pages ? Math.min(skipped, pages - bars) : 0).limit(bars)
                .map(line -> line.substring(0, Math.min(line.length(), columns))).forEach(lines::add);
        if (bars < pages && most > 1) {
            lines.add(" and %s more".formatted(pages - bars));
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
