package dev.cooperativetls.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.SVGUtils;
import org.jfree.svg.ViewBox;

/** The median overhead against the number of pages. Both axes are logarithmic, so a power of N is a straight line. */
record OverheadChart(Results results) {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 420;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

    /** The palette of Okabe and Ito, whose colours colour-blind people can distinguish. */
    private static final Color[] COLOURS = {new Color(0x0072b2), new Color(0xe69f00), new Color(0x009e73),
        new Color(0xcc79a7), new Color(0x56b4e9)};

    /** Returns the chart as an SVG document. */
    String svg() {
        var graphics = new SVGGraphics2D(WIDTH, HEIGHT);
        graphics.setDefsKeyPrefix("overhead-");
        graphics.setFontFunction(_ -> "system-ui, sans-serif");
        chart().draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        String svg = graphics.getSVGElement(null, true, new ViewBox(0, 0, WIDTH, HEIGHT), null, null);
        String title = SVGUtils.escapeForXML(title());
        int open = svg.indexOf('>') + 1;
        return "<svg role='img' aria-label='" + title + "'" + svg.substring("<svg".length(), open)
                + "<title>" + title + "</title>" + svg.substring(open) + "\n";
    }

    /** Returns the accessible name: the figures for the greatest number of pages, in one line. */
    String title() {
        int most = results.all().stream().mapToInt(Result::pages).max().orElse(0);
        return results.all().stream().filter(result -> result.pages() == most)
                .map(result -> String.format(Locale.ROOT, "%s %.3f s", result.candidate(),
                        result.overheadSeconds().median()))
                .collect(Collectors.joining(", ", "Overhead of " + most + " concurrent pages: ", ""));
    }

    private JFreeChart chart() {
        var lines = new XYSeriesCollection();
        var renderer = new XYLineAndShapeRenderer();
        for (Candidate candidate : Candidate.values()) {
            var line = new XYSeries(candidate.toString());
            results.all().stream().filter(result -> result.candidate() == candidate)
                    // A logarithmic axis cannot show 0 or less, but a median can be so small within the clock's error.
                    .forEach(result -> line.add(result.pages(), Math.max(result.overheadSeconds().median(), 0.001)));
            renderer.setSeriesPaint(lines.getSeriesCount(), COLOURS[candidate.ordinal()]);
            renderer.setSeriesStroke(lines.getSeriesCount(), new BasicStroke(2));
            renderer.setSeriesShape(lines.getSeriesCount(), new Ellipse2D.Double(-3.5, -3.5, 7, 7));
            lines.addSeries(line);
        }
        var plot = new XYPlot(lines, axis("concurrent pages"), axis("overhead in seconds"), renderer);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinePaint(new Color(0xd5dae0));
        plot.setRangeGridlinePaint(new Color(0xd5dae0));
        var chart = new JFreeChart(null, FONT, plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(4, 4, 4, 18));
        var legend = new LegendTitle(plot);
        legend.setItemFont(FONT);
        legend.setFrame(BlockBorder.NONE);
        legend.setPosition(RectangleEdge.TOP);
        chart.addSubtitle(legend);
        return chart;
    }

    private static LogAxis axis(String label) {
        var axis = new LogAxis(label);
        axis.setTickUnit(new NumberTickUnit(1)); // a power of ten
        axis.setNumberFormatOverride(new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        axis.setLabelFont(FONT);
        axis.setTickLabelFont(FONT);
        axis.setAxisLineVisible(false);
        return axis;
    }
}
