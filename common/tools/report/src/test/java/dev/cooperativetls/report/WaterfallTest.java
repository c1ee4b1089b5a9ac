package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class WaterfallTest {

    /** A bar, in units of the picture. */
    private record Bar(double x, double y, double width) {

        double end() {
            return x + width;
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_same_run_gives_the_same_bytes(Theme theme) {
        assertThat(new Waterfall(Samples.slow(3, "readInto", 10)).svg(theme))
                .isEqualTo(new Waterfall(Samples.slow(3, "readInto", 10)).svg(theme));
    }

    @ParameterizedTest
    @EnumSource
    void each_page_has_a_row_with_a_bar_for_each_phase(Theme theme) throws Exception {
        Document svg = parsed(new Waterfall(Samples.fast(0, "read", 10)).svg(theme));

        for (Phase phase : Phase.values()) {
            assertThat(bars(svg, phase, theme)).as(phase.label()).hasSize(10)
                    .extracting(Bar::y).doesNotHaveDuplicates();
        }
    }

    @Test
    void the_page_that_began_to_wait_first_is_on_top() throws Exception {
        RunResult slow = Samples.slow(1, "read", 10);
        List<Page> lastFirst = slow.observation().pages().stream()
                .map(page -> new Page(9 - page.page(), page.status(), page.bytes(), page.http(), page.problem(),
                        page.start(), page.connectStart(), page.connected(), page.handshaken(), page.sent(),
                        page.firstByte(), page.end()))
                .toList();

        Document svg = parsed(new Waterfall(Samples.with(lastFirst, slow)).svg(Theme.LIGHT));

        List<Bar> waits = bars(svg, Phase.WAITING, Theme.LIGHT);
        assertThat(svg.getDocumentElement().getTextContent().replaceAll("\\s+", "")).contains("9876543210");
        assertThat(waits).isSortedAccordingTo(Comparator.comparingDouble(Bar::y));
        assertThat(waits).isSortedAccordingTo(Comparator.comparingDouble(Bar::x));
    }

    @Test
    void a_slow_run_is_a_staircase() throws Exception {
        List<Bar> waits = bars(parsed(new Waterfall(Samples.slow(1, "read", 10)).svg(Theme.LIGHT)), Phase.WAITING,
                Theme.LIGHT);

        for (int i = 1; i < waits.size(); i++) {
            assertThat(waits.get(i).x()).isGreaterThanOrEqualTo(waits.get(i - 1).end());
        }
    }

    @Test
    void a_fast_run_is_a_wall() throws Exception {
        List<Bar> waits = bars(parsed(new Waterfall(Samples.fast(1, "read", 10)).svg(Theme.LIGHT)), Phase.WAITING,
                Theme.LIGHT);

        double lastBegins = waits.stream().mapToDouble(Bar::x).max().orElseThrow();
        assertThat(waits).allSatisfy(wait -> assertThat(wait.end()).isGreaterThan(lastBegins));
    }

    @Test
    void bars_are_as_long_as_their_phases() throws Exception {
        RunResult run = Samples.with(List.of(new Page(0, 200, 0, null, null, 0.0, 0.0, 1.0, 2.0, 2.0, 4.0, 5.0)),
                Samples.fast(0, "read", 1));

        Document svg = parsed(new Waterfall(run).svg(Theme.LIGHT));

        Bar connect = bars(svg, Phase.CONNECT, Theme.LIGHT).getFirst();
        Bar waiting = bars(svg, Phase.WAITING, Theme.LIGHT).getFirst();
        assertThat(waiting.width() / connect.width()).isBetween(1.99, 2.01);
        assertThat(bars(svg, Phase.READING, Theme.LIGHT).getFirst().x()).isBetween(waiting.end() - 0.02,
                waiting.end() + 0.02);
    }

    @Test
    void the_title_describes_the_picture() throws Exception {
        Waterfall waterfall = new Waterfall(Samples.slow(3, "readInto", 10));

        assertThat(waterfall.title()).isEqualTo(
                "stage-03 readInto, SLOW: 10 pages, at most 1 waiting at once; the last ended after 10.53 s");
        Element svg = parsed(waterfall.svg(Theme.LIGHT)).getDocumentElement();
        assertThat(svg.getAttribute("role")).isEqualTo("img");
        assertThat(svg.getAttribute("aria-label")).isEqualTo(waterfall.title());
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo(waterfall.title());
    }

    @Test
    void text_from_outside_is_escaped() throws Exception {
        String hostile = "<script>alert('1')</script> \" $1 \\ &";
        Waterfall waterfall = new Waterfall(Samples.hostile(hostile));

        Element svg = parsed(waterfall.svg(Theme.LIGHT)).getDocumentElement();
        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
        assertThat(svg.getAttribute("aria-label")).contains(hostile).isEqualTo(waterfall.title());
    }

    @Test
    void a_failed_page_has_a_cross() throws Exception {
        RunResult run = Samples.with(List.of(
                new Page(0, 200, 0, null, null, 0.0, 0.1, 0.2, 0.3, 0.3, 1.3, 1.4),
                new Page(1, 0, 0, null, "reset", 0.0, 0.1, 0.2, 0.3, 0.3, null, 2.0)), Samples.fast(0, "read", 2));

        Document svg = parsed(new Waterfall(run).svg(Theme.LIGHT));
        Bar last = bars(svg, Phase.WAITING, Theme.LIGHT).getLast();
        assertThat(elements(svg, "text")).filteredOn(text -> text.getTextContent().equals("\u00d7")).singleElement()
                .satisfies(cross -> assertThat(number(cross, "x")).isBetween(last.end(), last.end() + 2));
        assertThat(last.end()).as("with room for the cross").isLessThan(width(svg) - 25);
        assertThat(texts(parsed(new Waterfall(Samples.fast(0, "read", 2)).svg(Theme.LIGHT)))).doesNotContain("\u00d7");
    }

    @Test
    void the_legend_has_only_the_phases_that_occur() throws Exception {
        RunResult plain = Samples.with(List.of(new Page(0, 200, 0, null, null, 0.0, 0.1, 0.2, null, 0.3, 1.3, 1.4)),
                Samples.fast(0, "read", 1));

        assertThat(texts(parsed(new Waterfall(plain).svg(Theme.LIGHT))))
                .contains("connect", "waiting", "reading", "seconds", "page")
                .doesNotContain("handshake");
    }

    @Test
    void a_thousand_pages_make_a_small_picture() throws Exception {
        Waterfall waterfall = new Waterfall(Samples.slow(1, "read", 1_000));
        String svg = waterfall.svg(Theme.LIGHT);

        assertThat(waterfall.step()).isEqualTo(20);
        assertThat(bars(parsed(svg), Phase.WAITING, Theme.LIGHT)).hasSize(Waterfall.MOST_BARS);
        assertThat(svg).hasSizeLessThan(50_000);
        assertThat(number(parsed(svg).getDocumentElement(), "height")).isLessThan(500);
    }

    @Test
    void numbers_do_not_depend_on_the_locale() {
        Locale before = Locale.getDefault();
        String english = new Waterfall(Samples.fast(0, "read", 3)).svg(Theme.LIGHT);
        try {
            Locale.setDefault(Locale.of("ar", "EG"));
            assertThat(new Waterfall(Samples.fast(0, "read", 3)).svg(Theme.LIGHT)).isEqualTo(english);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_run_without_pages_can_be_drawn() throws Exception {
        assertThat(new Waterfall(Samples.empty()).title())
                .isEqualTo("stage-00 read, no verdict: 0 pages, at most 0 waiting at once; none has ended");
        assertThat(parsed(new Waterfall(Samples.empty()).svg(Theme.DARK))).isNotNull();
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document svg) {
        return elements(svg, "text").stream().map(Element::getTextContent).toList();
    }

    /** Returns the bars of a phase, in the order of the pages. */
    private static List<Bar> bars(Document svg, Phase phase, Theme theme) {
        int rgb = phase.colour(theme);
        String fill = "fill:rgb(%s,%s,%s)".formatted(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff);
        return elements(svg, "rect").stream()
                .filter(rect -> rect.getAttribute("style").contains(fill))
                .map(rect -> new Bar(number(rect, "x"), number(rect, "y"), number(rect, "width")))
                .toList();
    }

    private static double width(Document svg) {
        return number(svg.getDocumentElement(), "width");
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList nodes = svg.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        IntStream.range(0, nodes.getLength()).forEach(i -> elements.add((Element) nodes.item(i)));
        return elements;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
