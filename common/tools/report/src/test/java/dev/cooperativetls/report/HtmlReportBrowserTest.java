package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;

/** Checks the page in a browser, from a file, on wide and narrow screens, in light and dark mode. */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HtmlReportBrowserTest {

    private static final double READABLE = 4.5; // WCAG 2, level AA

    /** A name that is longer than the long names of the JDK and of HttpClient. */
    private static final String LONG_NAME = "org.example.NonBlockingClientSocketChannelFactory"
            + "$BufferedApplicationInputStream.readFullyUntilTheEnd(int)";

    private static final List<RunResult> RUNS =
            Stream.concat(Samples.report(10).stream(), Stream.of(Samples.hostile(LONG_NAME))).toList();

    private static final Comparison COMPARISON = Comparison.of("old.json",
            Samples.results(List.of(Samples.fast(1, "read", 10), Samples.hostile(LONG_NAME)), "25.0.2+1", 8),
            Samples.results(RUNS));

    /** The width between margins of 15 mm on A4, in CSS pixels. */
    private static final int PAPER = 680;

    /** Selenium warns if its command library is not of the browser's version. The library is not used here. */
    private static final Logger VERSION_WARNINGS = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private static ChromeDriver browser;
    private static Path report;

    @ParameterizedTest(name = "{0}, {1} px")
    @CsvSource({"light, 1280", "dark, 1280", "light, 390", "dark, 390", "light, 360"})
    @Retention(RetentionPolicy.RUNTIME)
    private @interface InEachView {}

    @BeforeAll
    static void start_the_browser() throws IOException {
        Optional<Path> chrome = onPath("chromium", "chromium-browser", "google-chrome", "chrome");
        Optional<Path> driver = onPath("chromedriver");
        // .ci/run installs both and sets the property, so that the test cannot be skipped there.
        assumeTrue(Boolean.getBoolean("browser.required") || chrome.isPresent() && driver.isPresent(),
                "the report is not checked in a browser, because Chromium or chromedriver is not on the PATH");
        assertThat(chrome).as("chromium on the PATH").isPresent();
        assertThat(driver).as("chromedriver on the PATH").isPresent();
        // Not a @TempDir, because the browser may still write there while it ends.
        Path folder = Files.createTempDirectory(Path.of("target"), "browser-").toAbsolutePath();
        report = Files.writeString(folder.resolve("report.html"), HtmlReport.of(Samples.results(RUNS), COMPARISON));
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chrome.get().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"));
        LoggingPreferences everything = new LoggingPreferences();
        everything.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, everything);
        // If the driver's path is given, Selenium does not search for a driver or download one.
        VERSION_WARNINGS.setLevel(Level.SEVERE);
        System.setProperty("webdriver.chrome.driver", driver.get().toString());
        browser = new ChromeDriver(options);
    }

    @AfterAll
    static void end_the_browser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @ParameterizedTest
    @CsvSource({"light", "dark"})
    void on_a_wide_screen_every_table_is_complete(String scheme) {
        open(scheme, 1280);

        assertThat(browser.findElements(By.cssSelector(".scroll"))).isNotEmpty().allSatisfy(table ->
                assertThat(Integer.parseInt(table.getDomProperty("scrollWidth")))
                        .isLessThanOrEqualTo(Integer.parseInt(table.getDomProperty("clientWidth"))));
        double width = number("return document.documentElement.clientWidth");
        assertThat(boxes("th, td")).isNotEmpty().allMatch(cell -> cell.right() <= width);
    }

    /** Two runs stand next to each other, so each table has half of the width. */
    @Test
    void on_a_wide_screen_long_names_cut_off_no_table() throws IOException {
        RunResult run = Samples.hostile("dev.cooperativetls.AVeryLongNameOfAMethod".repeat(10));
        Path page = Files.writeString(report.resolveSibling("long-names.html"),
                HtmlReport.of(Samples.results(List.of(run, run))));

        open(page, "light", 1280);

        assertThat(browser.findElements(By.cssSelector(".runs .scroll"))).hasSizeGreaterThan(3).allSatisfy(table ->
                assertThat(Integer.parseInt(table.getDomProperty("scrollWidth")))
                        .isLessThanOrEqualTo(Integer.parseInt(table.getDomProperty("clientWidth"))));
    }

    @InEachView
    void the_browser_logs_no_warning(String scheme, int width) {
        open(scheme, width);

        assertThat(browser.getTitle()).isEqualTo("cooperative-tls: do the waits overlap?");
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .extracting(LogEntry::getMessage)
                .isEmpty();
    }

    @InEachView
    void the_page_is_no_wider_than_the_screen(String scheme, int width) {
        open(scheme, width);

        assertThat(number("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
        browser.executeScript("document.querySelectorAll('details').forEach(details => details.open = true)");
        assertThat(number("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
    }

    @InEachView
    void the_pictures_are_those_of_the_scheme_and_are_complete(String scheme, int width) {
        open(scheme, width);

        assertThat(boxes("light".equals(scheme) ? ".on-dark > svg" : ".on-light > svg")).hasSize(RUNS.size())
                .allMatch(hidden -> hidden.width() == 0 && hidden.height() == 0);
        assertThat(boxes(".on-" + scheme + " > svg")).hasSize(RUNS.size()).allSatisfy(picture -> {
            assertThat(picture.left()).isNotNegative();
            assertThat(picture.right()).isLessThanOrEqualTo(width);
            assertThat(picture.width()).isGreaterThan(300);
            assertThat(picture.height()).isGreaterThan(100);
        });
        assertThat(boxes(".on-" + scheme + " text")).isNotEmpty().allMatch(text -> text.height() > 10);
        assertThat(browser.findElement(By.cssSelector(".on-" + scheme + " > svg")).getAccessibleName())
                .isEqualTo(new Waterfall(RUNS.getFirst()).title());
    }

    @InEachView
    void all_columns_of_each_table_are_on_the_screen(String scheme, int width) {
        open(scheme, width);

        assertThat(boxes("tbody th, tbody td")).isNotEmpty().allSatisfy(cell -> {
            assertThat(cell.left()).isNotNegative();
            assertThat(cell.right()).isLessThanOrEqualTo(width);
            assertThat(cell.height()).isPositive();
        });
        assertThat(browser.findElements(By.cssSelector(".verdicts tbody tr:first-child > *"))).hasSize(7);
        assertThat(browser.findElements(By.cssSelector(".comparison tbody tr:first-child > *"))).hasSize(6);
    }

    /** A phone is too narrow for a head above the columns. */
    @Test
    void on_a_phone_each_cell_has_the_name_of_its_column() {
        open("light", 390);

        String name = "getComputedStyle(element, '::before').content";
        assertThat(texts(".verdicts tbody tr:first-child > *", name)).containsExactly(
                "\"stage\"", "\"installed\"", "\"read call\"", "\"time\"", "\"peak\"",
                "\"verdict\"", "\"culprit\"");
        assertThat(texts("tbody th, tbody td", name))
                .isNotEmpty().noneMatch(column -> column.equals("none") || column.equals("\"\""));
        assertThat(texts("tbody th, tbody td", """
                (() => {
                    const text = document.createRange();
                    text.selectNodeContents(element);
                    const left = element.getBoundingClientRect().left;
                    return [...text.getClientRects()].every(line => line.left >= left + 100);
                })()""")).as("all text is to the right of the name").containsOnly("true");
    }

    @ParameterizedTest
    @CsvSource({"light", "dark"})
    void on_paper_nothing_is_cut_off_folded_or_dark(String scheme) {
        open(report, scheme, PAPER, "print");

        assertThat(number("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(PAPER);
        assertThat(boxes("th, td, pre, dd, .on-light > svg")).isNotEmpty().allSatisfy(box -> {
            assertThat(box.right()).isLessThanOrEqualTo(PAPER);
            assertThat(box.height()).isPositive();
        });
        assertThat(browser.findElements(By.cssSelector("pre"))).isNotEmpty().allSatisfy(text ->
                assertThat(Integer.parseInt(text.getDomProperty("scrollHeight")))
                        .isLessThanOrEqualTo(Integer.parseInt(text.getDomProperty("clientHeight"))));
        assertThat(boxes("thead th")).allMatch(head -> head.height() > 0);
        assertThat(boxes(".on-dark > svg")).allMatch(hidden -> hidden.height() == 0);
        assertThat(Colours.ofCss(style(browser.findElement(By.tagName("body")), "background-color")))
                .isEqualTo(Theme.LIGHT.background());
        assertThat(Base64.getMimeDecoder().decode(browser.print(new PrintOptions()).getContent()))
                .asString(StandardCharsets.ISO_8859_1).startsWith("%PDF-");
    }

    @InEachView
    void verdicts_can_be_seen_without_scrolling_sideways(String scheme, int width) {
        open(scheme, width);

        assertThat(boxes(".verdicts .verdict")).hasSize(RUNS.size()).allMatch(verdict -> verdict.right() <= width);
    }

    @InEachView
    void text_has_enough_contrast(String scheme, int width) {
        open(scheme, width);

        int page = Colours.ofCss(style(browser.findElement(By.tagName("body")), "background-color"));
        assertThat(page).isEqualTo(Theme.valueOf(scheme.toUpperCase(Locale.ROOT)).background());
        for (String text : List.of("h1", "a[href^='#stage']", "caption", "thead th", "td", ".culprit code", "footer")) {
            int colour = Colours.ofCss(style(browser.findElement(By.cssSelector(text)), "color"));
            assertThat(Colours.contrast(colour, page)).as(text).isGreaterThanOrEqualTo(READABLE);
        }
        for (String box : List.of(".verdict.fast", ".verdict.slow", "pre")) {
            WebElement element = browser.findElement(By.cssSelector(box));
            assertThat(Colours.contrast(Colours.ofCss(style(element, "color")),
                    Colours.ofCss(style(element, "background-color")))).as(box).isGreaterThanOrEqualTo(READABLE);
        }
    }

    private static void open(String scheme, int width) {
        open(report, scheme, width);
    }

    private static void open(Path page, String scheme, int width) {
        open(page, scheme, width, "screen");
    }

    private static void open(Path page, String scheme, int width, String media) {
        browser.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("media", media, "features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
        browser.get(page.toUri().toString());
        while (!"complete".equals(browser.executeScript("return document.readyState"))) {
            Thread.onSpinWait(); // the driver may return while the page is still loading
        }
    }

    /** The position of an element on the screen, in CSS pixels. The box is empty if the element is not displayed. */
    private record Box(double left, double right, double height) {

        double width() {
            return right - left;
        }
    }

    private static List<Box> boxes(String selector) {
        List<?> boxes = (List<?>) browser.executeScript("""
                return [...document.querySelectorAll(arguments[0])].map(element => {
                    const box = element.getBoundingClientRect();
                    return [box.left, box.right, box.height].map(String);
                });""", selector);
        return boxes.stream()
                .map(box -> ((List<?>) box).stream().mapToDouble(side -> Double.parseDouble((String) side)).toArray())
                .map(sides -> new Box(sides[0], sides[1], sides[2]))
                .toList();
    }

    /** Returns the result of a script for each element. */
    private static List<String> texts(String selector, String script) {
        List<?> texts = (List<?>) browser.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map(element => String(" + script + "))", selector);
        return texts.stream().map(Object::toString).toList();
    }

    private static double number(String script) {
        return ((Number) browser.executeScript(script)).doubleValue();
    }

    private static String style(WebElement element, String property) {
        return (String) browser.executeScript("return getComputedStyle(arguments[0]).getPropertyValue(arguments[1])",
                element, property);
    }

    private static Optional<Path> onPath(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
