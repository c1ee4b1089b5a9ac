package dev.cooperativetls.report;

import dev.cooperativetls.events.Page;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.SVGUtils;
import org.jfree.svg.ViewBox;

/**
 * A picture of a run's pages. Each page is a bar, and time runs to the right. The bars stand from top to bottom in the
 * order in which the pages began to wait. Waits that overlap form a wall, and waits one after another form a staircase.
 * A page that failed has a cross.
 *
 * <p>Of many pages, only every second, third and so on is drawn. Text is measured with the fonts of this machine, so
 * the JVM must have fonts. With the same fonts, the same run gives the same picture, byte for byte.
 */
public record Waterfall(RunResult run) {

    static final int MOST_BARS = 50;

    /** A small width, so that the text can still be read when a phone shows the whole picture. */
    private static final int WIDTH = 440;
    /** The height of the legend and the time axis, above and below the bars. */
    private static final int FRAME_HEIGHT = 96;
    private static final int LEAST_BARS_HEIGHT = 44;
    private static final int HIGHEST_BAR = 22;
    private static final int MOST_BARS_HEIGHT = 380;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    /** The bar's share of the distance between two pages; the rest is the gap. */
    private static final double BAR_SHARE = 0.8;
    private static final double ROOM_FOR_CROSS = 1.05;

    static {
        TextUtils.setUseDrawRotatedStringWorkaround(false); // it would draw the shapes of letters instead of text
    }

    /** Returns one line about what the picture shows. The line is its accessible name. */
    public String title() {
        List<Page> pages = pages();
        String end = pages.isEmpty() ? "none has ended"
                : String.format(Locale.ROOT, "the last ended after %.2f s", lastEnd());
        return String.format(Locale.ROOT, "%s%s, %s: %d %s, at most %d waiting at once; %s", run.stage(),
                " " + run.readCall(), Objects.toString(run.verdict(), "no verdict"),
                run.observation().pageCount(), run.observation().pageCount() == 1 ? "page" : "pages",
                run.observation().atOnce(), end);
    }

    /** Returns the picture as an SVG element, for a separate file or as a part of an HTML page. */
    public String svg(Theme theme) {
        return svg(theme, "waterfall-" + theme.name().toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the picture.
     *
     * @param id the prefix of all IDs in the picture; another picture of the same HTML page must have another prefix
     */
    String svg(Theme theme, String id) {
        int height = FRAME_HEIGHT + Math.clamp((long) drawnCount() * HIGHEST_BAR, LEAST_BARS_HEIGHT, MOST_BARS_HEIGHT);
        SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
        graphics.setDefsKeyPrefix(id + "-");
        graphics.setFontFunction(_ -> "system-ui, sans-serif");
        graphics.setGeomDoubleConverter(Waterfall::hundredths);
        chart(theme).draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
        String svg = graphics.getSVGElement(null, true, new ViewBox(0, 0, WIDTH, height), null, null);
        String title = SVGUtils.escapeForXML(title());
        int open = svg.indexOf('>') + 1;
        return "<svg role='img' aria-label='" + title + "'" + svg.substring("<svg".length(), open)
                + "<title>" + title + "</title>" + svg.substring(open);
    }

    /** Returns n if every nth row is drawn. */
    int step() {
        return Math.max(1, Math.ceilDiv(count(), MOST_BARS));
    }

    private int drawnCount() {
        return Math.ceilDiv(count(), step());
    }

    /** Returns the number of requested pages. The row of a page that never began stays blank. */
    private int count() {
        return Math.max(run.observation().pageCount(), 1 + pages().stream().mapToInt(Page::page).max().orElse(0));
    }

    /** Returns the pages from top to bottom. */
    private List<Page> pages() {
        return run.observation().pages().stream().sorted(Span.BY_WAIT).toList();
    }

    private double lastEnd() {
        return pages().stream().map(Page::end).filter(Objects::nonNull).mapToDouble(end -> end).max().orElse(0);
    }

    private JFreeChart chart(Theme theme) {
        XYIntervalSeriesCollection bars = new XYIntervalSeriesCollection();
        XYBarRenderer renderer = new XYBarRenderer();
        renderer.setUseYInterval(true);
        renderer.setBarPainter(new StandardXYBarPainter());
        renderer.setShadowVisible(false);
        renderer.setLegendBar(new Rectangle2D.Double(-6, -6, 12, 12));
        series().forEach((phase, series) -> {
            renderer.setSeriesPaint(bars.getSeriesCount(), new Color(phase.colour(theme)));
            bars.addSeries(series);
        });
        XYPlot plot = new XYPlot(bars, pageAxis(theme), timeAxis(theme), renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(new Color(theme.rule()));
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        failed().forEach(row -> plot.addAnnotation(cross(row, theme)));
        JFreeChart chart = new JFreeChart(null, FONT, plot, false);
        chart.setBackgroundPaint(new Color(theme.background()));
        chart.setPadding(new RectangleInsets(4, 2, 4, 18));
        chart.addSubtitle(legend(plot, theme));
        return chart;
    }

    /** A page and the number of its row, from the top. */
    private record Row(int number, Page page) {}

    private List<Row> drawn() {
        List<Page> inOrder = pages();
        return IntStream.range(0, inOrder.size()).filter(row -> row % step() == 0)
                .mapToObj(row -> new Row(row, inOrder.get(row))).toList();
    }

    /** Returns the pages that failed, which get a cross at their end. */
    private List<Row> failed() {
        return drawn().stream().filter(row -> !row.page.valid() && row.page.end() != null).toList();
    }

    /** Returns the bars of each phase that occurs. */
    private Map<Phase, XYIntervalSeries> series() {
        Map<Phase, XYIntervalSeries> series = new EnumMap<>(Phase.class);
        double half = BAR_SHARE * step() / 2;
        for (Row row : drawn()) {
            for (Span span : Span.of(row.page)) {
                series.computeIfAbsent(span.phase(), phase -> new XYIntervalSeries(phase.label()))
                        .add(row.number, row.number - half, row.number + half, span.to(), span.from(), span.to());
            }
        }
        return series;
    }

    private NumberAxis pageAxis(Theme theme) {
        SymbolAxis axis = styled(new SymbolAxis("page", ids()), theme);
        axis.setGridBandsVisible(false);
        axis.setInverted(true);
        double half = step() / 2.0;
        axis.setRange(-half, (drawnCount() - 1) * step() + half);
        return axis;
    }

    /** Returns the pages' IDs, row by row. Pages that never began come last. */
    private String[] ids() {
        Stream<Integer> begun = pages().stream().map(Page::page);
        Stream<Integer> all = IntStream.range(0, count()).boxed();
        return Stream.concat(begun, all).distinct().map(id -> Integer.toString(id)).toArray(String[]::new);
    }

    private NumberAxis timeAxis(Theme theme) {
        NumberAxis axis = styled(new NumberAxis("seconds"), theme);
        double end = Math.max(lastEnd(), run.observation().elapsedSeconds());
        axis.setRange(0, end > 0 ? end * (failed().isEmpty() ? 1 : ROOM_FOR_CROSS) : 1);
        axis.setTickUnit(tickUnit(axis.getUpperBound()));
        return axis;
    }

    /** Returns a round unit with at most six ticks. With JFreeChart's own choice the labels can overlap. */
    private static NumberTickUnit tickUnit(double end) {
        double least = end / 6;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double unit = DoubleStream.of(1, 2, 5, 10).map(digit -> digit * power).filter(size -> size >= least)
                .findFirst().orElse(least);
        return new NumberTickUnit(unit, new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
    }

    private static <T extends NumberAxis> T styled(T axis, Theme theme) {
        Color text = new Color(theme.text());
        axis.setLabelFont(FONT);
        axis.setLabelPaint(text);
        axis.setTickLabelFont(FONT);
        axis.setTickLabelPaint(text);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        return axis;
    }

    private static XYTextAnnotation cross(Row row, Theme theme) {
        XYTextAnnotation cross = new XYTextAnnotation("\u00d7", row.number, row.page.end());
        cross.setFont(FONT);
        cross.setPaint(new Color(theme.text()));
        cross.setTextAnchor(TextAnchor.CENTER_LEFT);
        return cross;
    }

    private static LegendTitle legend(XYPlot plot, Theme theme) {
        LegendTitle legend = new LegendTitle(plot);
        legend.setItemFont(FONT);
        legend.setItemPaint(new Color(theme.text()));
        legend.setFrame(BlockBorder.NONE);
        legend.setBackgroundPaint(null);
        legend.setPosition(RectangleEdge.TOP);
        return legend;
    }

    private static String hundredths(double value) {
        return Double.toString(Math.round(value * 100) / 100.0).replaceFirst("\\.0$", "");
    }
}
