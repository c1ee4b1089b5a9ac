package dev.cooperativetls.runstages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.verdict.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void a_page_is_a_dot() {
        assertThat(shownFor(3, 3, null)).isEqualTo("stage-01 read       ...");
    }

    @Test
    void many_pages_share_fifty_dots() {
        assertThat(shownFor(1000, 1000, null)).endsWith(" " + ".".repeat(50));
        assertThat(shownFor(1000, 1, null)).endsWith(" .");
    }

    @Test
    void a_run_without_a_valid_page_shows_nothing() {
        assertThat(shownFor(3, 3, "HTTP 404")).isEmpty();
    }

    private String shownFor(int pages, int came, String problem) {
        out.reset();
        Cell cell = new Cell(Stage.ALT_PROVIDER, ReadCall.READ, true, true);
        Progress progress = new Progress(new PrintStream(out, true, StandardCharsets.UTF_8), cell, pages);
        for (int page = 0; page < came; page++) {
            progress.page(new Page(page, 200, problem, 0.0, 0.0, 0.1, 0.1, 0.1, 1.1, 1.1));
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
