package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

    private static final Cell CELL = new Cell(Stages.ALL.get(1), Stages.ALL.get(1), "read", true, true);

    private static final Cell OTHER = new Cell(Stages.ALL.get(2), Stages.ALL.get(2), "read", true, true);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void in_a_pipe_a_page_is_a_line_with_its_phases() {
        assertThat(shown("", 3, page(0, 0.5), page(1, 1.5))).isEqualToNormalizingNewlines("""
                stage-01 read      page 0: connect 0.10, handshake 0.40, waiting 1.00, reading 0.25, ended at 1.75 s
                stage-01 read      page 1: connect 0.10, handshake 1.40, waiting 1.00, reading 0.25, ended at 2.75 s
                """);
    }

    @Test
    void in_a_pipe_an_invalid_page_is_left_out() {
        var invalid = new Page(0, 0, 0, null, "Connection refused", 0.0, 0.0, null, null, null, null, 0.5);

        assertThat(shown("", 1, invalid)).isEmpty();
    }

    @Test
    void in_a_pipe_many_pages_share_fifty_lines() {
        Page[] pages = IntStream.range(0, 1000).mapToObj(id -> page(id, 0.5)).toArray(Page[]::new);

        assertThat(shown("", 1000, pages).lines()).hasSize(50);
    }

    @Test
    void on_a_terminal_each_page_is_a_bar_and_together_they_are_the_waterfall() {
        List<String> picture = screen(shown("24 63", 3, page(0, 0.5), page(1, 1.5), page(2, 2.25)));

        assertThat(picture.getFirst()).startsWith("stage-01 read  3 of 3 pages");
        assertThat(picture.subList(1, 4)).containsExactly(
                " page    0  |:-----###########>>>                    |   1.75 s",
                " page    1  |:----------------############>>         |   2.75 s",
                " page    2  |:-------------------------###########>>>|   3.50 s");
    }

    @Test
    void on_a_terminal_a_page_that_has_not_ended_is_a_line_of_dots() {
        assertThat(screen(shown("24 63", 2, page(0, 0.5)))).last().asString()
                .startsWith(" page    1  |........................................|");
    }

    @Test
    void on_a_terminal_at_most_as_many_bars_are_drawn_as_it_has_lines() {
        List<String> picture = screen(shown("10 80", 100, page(0, 0.5)));

        assertThat(picture).hasSize(9);
        assertThat(picture).last().isEqualTo(" and 93 more");
    }

    @ParameterizedTest
    @CsvSource({"6, 50", "24, 80", "30, 100", "60, 240"})
    void on_a_terminal_every_line_and_the_picture_fit(int rows, int columns) {
        for (int pages : new int[] {1, 4, 10, 1000}) {
            List<String> picture = screen(shown(rows + " " + columns, pages, page(0, 0.5)));

            assertThat(picture).hasSizeLessThan(rows).allMatch(line -> line.length() <= columns, "fits");
        }
    }

    @Test
    void on_a_terminal_the_pages_are_in_the_order_in_which_they_began_to_wait() {
        List<String> picture = screen(shown("24 80", 4, page(2, 0.5), page(0, 1.5), page(3, 2.5)));

        assertThat(picture.subList(1, 5)).extracting(line -> line.strip().split(" +")[1])
                .containsExactly("2", "0", "3", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 0", "5 80", "24 40", "unknown", "99999999999 80"})
    void without_a_terminal_or_on_a_small_one_lines_are_printed(String terminal) {
        assertThat(shown(terminal, 1, page(0, 0.5))).startsWith("stage-01 read      page 0: ");
    }

    private static Page page(int id, double sent) {
        return new Page(id, 200, 0, null, null, 0.0, 0.0, 0.1, sent, sent, sent + 1, sent + 1.25);
    }

    @Test
    void on_a_terminal_concurrent_runs_share_its_lines_and_ended_runs_stay_above() {
        try (Progress progress = Progress.of(10, new PrintStream(out, true, StandardCharsets.UTF_8), "12 63")) {
            progress.begin(CELL);
            progress.begin(OTHER);
            IntStream.range(0, 10).forEach(id -> progress.page(OTHER, page(id, 0.5)));
            IntStream.range(0, 6).forEach(id -> progress.page(CELL, page(id, id + 0.5)));
            progress.end(OTHER);
        }

        List<String> picture = screen(out.toString(StandardCharsets.UTF_8));
        // All 11 lines that fit, for the run that has ended and for the run that has not.
        assertThat(picture).hasSize(22);
        assertThat(picture.getFirst()).startsWith("stage-02 read  10 of 10 pages");
        assertThat(picture.get(11)).startsWith("stage-01 read  6 of 10 pages");
    }

    @Test
    void on_a_small_terminal_each_run_shows_the_pages_that_ended_last() {
        try (Progress progress = Progress.of(10, new PrintStream(out, true, StandardCharsets.UTF_8), "11 63")) {
            progress.begin(CELL);
            progress.begin(OTHER);
            IntStream.range(0, 6).forEach(id -> progress.page(CELL, page(id, id + 0.5)));
        }

        List<String> picture = screen(out.toString(StandardCharsets.UTF_8));
        assertThat(picture).hasSize(10);
        assertThat(picture.get(0)).startsWith("stage-01 read  6 of 10 pages");
        assertThat(picture.subList(1, 4)).extracting(line -> line.substring(0, 10))
                .containsExactly(" page    3", " page    4", " page    5");
        assertThat(picture.get(4)).isEqualTo(" and 7 more");
        assertThat(picture.get(5)).startsWith("stage-02 read  0 of 10 pages");
        assertThat(picture.get(6)).startsWith(" page    0  |....");
    }

    private String shown(String terminal, int count, Page... pages) {
        out.reset();
        try (Progress progress =
                Progress.of(count, new PrintStream(out, true, StandardCharsets.UTF_8), terminal)) {
            progress.begin(CELL);
            for (Page page : pages) {
                progress.page(CELL, page);
            }
            progress.end(CELL);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Returns the lines that a terminal shows after these frames. */
    private static List<String> screen(String frames) {
        List<String> lines = new ArrayList<>();
        for (String frame : frames.split("(?=\033\\[\\d+F)")) {
            Matcher up = Pattern.compile("^\033\\[(\\d+)F").matcher(frame);
            if (up.find()) {
                lines.subList(lines.size() - Integer.parseInt(up.group(1)), lines.size()).clear();
            }
            up.replaceFirst("").replaceAll("\033\\[(2K|J)", "").lines().forEach(lines::add);
        }
        return lines;
    }
}
