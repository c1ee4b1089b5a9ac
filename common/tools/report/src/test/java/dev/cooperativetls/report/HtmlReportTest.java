package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

    private static final List<RunResult> RUNS = Samples.report(10);

    private static final Document PAGE = Jsoup.parse(HtmlReport.of(Samples.results(RUNS)));

    @Test
    void the_verdicts_are_those_of_the_results() {
        List<String> expected = RUNS.stream().map(run -> "%s %s %s".formatted(run.stage(), run.readCall(),
                run.verdict())).toList();

        assertThat(PAGE.select(".verdicts tbody tr"))
                .extracting(row -> row.child(0).text() + " " + row.select(".verdict").text())
                .isEqualTo(expected);
        assertThat(PAGE.select("article h3 .verdict").eachText())
                .isEqualTo(RUNS.stream().map(run -> run.verdict().name()).toList());
    }

    @Test
    void the_table_has_time_peak_and_culprit() {
        assertThat(PAGE.select(".verdicts thead th").eachText())
                .containsExactly("stage", "installed", "read call", "time", "peak", "verdict", "culprit");
        assertThat(PAGE.select(".verdicts tbody tr").get(6).select("td").eachText())
                .containsExactly("the same jars", "readInto", "10.62 s", "1", "SLOW", "Poll.poll 95 %");
    }

    @Test
    void the_answer_is_at_the_top() {
        assertThat(PAGE.select(".answer").text())
                .isEqualTo("Together in 6 of 9 runs. One after another in 3, where Poll.poll blocked the carrier.");
    }

    @Test
    void an_unexpected_verdict_is_marked() {
        RunResult wrong = Samples.expecting(Verdict.FAST, Samples.slow(0, "read", 10));

        assertThat(page(wrong).select(".verdicts .expected").text())
                .isEqualTo("expected FAST");
        assertThat(PAGE.select(".expected")).isEmpty();
    }

    @Test
    void each_row_leads_to_its_run() {
        assertThat(PAGE.select(".verdicts a").eachAttr("href")).hasSize(9).doesNotHaveDuplicates()
                .allSatisfy(link -> assertThat(PAGE.select("article" + link)).hasSize(1));
    }

    @Test
    void runs_are_grouped_by_stage_and_each_stage_is_explained_once() {
        assertThat(PAGE.select(".stage h2").eachText()).containsExactly("stage-00: no alt provider",
                "stage-01: alt provider", "stage-02: + cooperative wrapper", "stage-03: the same jars",
                "stage-04: + patched wrapper");
        assertThat(PAGE.select(".stage")).extracting(stage -> stage.select("article").size())
                .containsExactly(2, 2, 1, 2, 2);
        assertThat(PAGE.select(".why")).hasSize(5);
    }

    @Test
    void each_run_has_a_picture_for_each_theme_with_a_name() {
        assertThat(PAGE.select("article")).hasSize(9).allSatisfy(run -> {
            assertThat(run.select(".on-light > svg[role=img]")).hasSize(1);
            assertThat(run.select(".on-dark > svg[role=img]")).hasSize(1);
        });
        assertThat(PAGE.select("svg[role=img]").eachAttr("aria-label")).hasSize(18)
                .allMatch(name -> name.contains("stage-0"));
    }

    @Test
    void the_culprit_is_shown_with_its_stack() {
        Element run = PAGE.getElementById("stage-03-readInto");

        assertThat(run.select(".culprit").text()).isEqualTo("Culprit: dev.cooperativetls.altprovider.Poll.poll blocked"
                + " the carrier for 95 % of the run, in native code, where the scheduler does not see it.");
        assertThat(run.select(".stack").text()).startsWith("dev.cooperativetls.altprovider.Poll.poll")
                .contains("  at dev.cooperativetls.fetch.HttpClient5.get");
        assertThat(PAGE.getElementById("stage-03-read").select(".culprit, .stack")).isEmpty();
    }

    @Test
    void the_detail_of_a_culprit_is_shown() {
        RunResult run = Samples.blockedBy(new CarrierBlock("org.sqlite.core.NativeDB.step", Kind.PINNED, 0.97,
                0.97, 1.5, 9, false, "parked in a.Callback.ask", List.of("org.sqlite.core.NativeDB.step")));

        Document page = page(run);

        assertThat(page.select(".culprit").text()).isEqualTo("Culprit: org.sqlite.core.NativeDB.step blocked"
                + " the carrier for 97 % of the run, parked but pinned (parked in a.Callback.ask).");
        assertThat(page.select("td[title]").attr("title")).isEqualTo("parked in a.Callback.ask");
    }

    @Test
    void an_unseen_culprit_is_not_shown_as_a_method() {
        RunResult run = Samples.blockedBy(new CarrierBlock("unseen", Kind.UNSEEN, 0.6, List.of()));

        Document page = page(run);

        assertThat(page.select(".culprit").text()).isEqualTo(
                "Culprit: unseen. The carrier had work for 60 % of the run, and no event shows which.");
        assertThat(page.select(".answer").text()).doesNotContain("unseen");
    }

    @Test
    void a_slow_run_without_a_culprit_says_where_to_look() {
        RunResult run = Samples.blockedBy(new CarrierBlock("a.Handshake.sign", Kind.COMPUTING, 0.1, List.of()));

        Document page = page(run);

        assertThat(page.select(".culprit")).isEmpty();
        assertThat(page.select(".remark").text()).isEqualTo("No method was seen to block the carriers for long: look"
                + " for a lock, a pool or a limit in the client, or in the server.");
    }

    @Test
    void the_profile_shows_its_first_fifteen_methods() {
        Element table = PAGE.select("#stage-01-read table:contains(Profile)").first();

        assertThat(table.select("thead th").eachText())
                .containsExactly("method", "calls", "per call", "longest", "cumulative", "of the run");
        assertThat(table.select("tbody tr")).hasSize(15);
        assertThat(table.select("tbody tr").get(3).children().eachText())
                .containsExactly("Poll.poll", "20", "510 ms", "1.02 s", "10.20 s", "96 %");
        assertThat(table.select("caption").text()).contains("the first 15 of 19 methods").contains("can exceed 100 %");
    }

    @Test
    void how_it_was_run_can_be_copied() {
        Element run = PAGE.getElementById("stage-04-read");

        assertThat(run.select("dl").text()).contains("25.0.3+9-LTS", "2026-11-22T19:54:07.045Z", "2.31 s");
        assertThat(run.select(".jars li").eachText()).contains("bctls-jdk18on 1.84", "fetch");
        assertThat(PAGE.select("footer").text()).contains("run-stages --render results.json");
    }

    @Test
    void the_page_shows_once_where_and_how_it_was_measured() {
        Element measured = PAGE.select(".measured").first();

        assertThat(measured.select("pre").text()).isEqualTo("./run-stages --report 'my report'");
        assertThat(measured.select("dd").eachText()).containsExactly("2026-11-22T19:54:30Z",
                "run-stages 0.1.0, commit 0123456789abcdef0123456789abcdef01234567", "25.0.3+9-LTS, Eclipse Adoptium",
                "Linux amd64, kernel 6.18.0", "AMD EPYC, 2 cores", "8192 MiB", "1.50 processors, 2048 MiB",
                "-XX:+UseSerialGC", "one request");
    }

    @Test
    void a_comparison_shows_the_changes_and_other_differences() {
        RunResults before = Samples.results(List.of(Samples.slow(3, "readInto", 10), Samples.fast(4, "read", 10)),
                "25.0.2+1", 4);
        RunResults now = Samples.results(List.of(Samples.fast(3, "readInto", 10), Samples.fast(4, "read", 10)));

        Document page = Jsoup.parse(HtmlReport.of(now, Comparison.of("old.json", before, now)));

        assertThat(page.select(".comparison p").eachText()).containsExactly(
                "Compared with old.json: of 2 runs, 1 changed, 1 in the verdict.",
                "Different environment: JDK 25.0.2+1 -> 25.0.3+9-LTS; cores 4 -> 2.");
        assertThat(page.select(".comparison tbody tr").eachText()).containsExactly(
                "stage-03 readInto SLOW -> FAST 1 -> 10 Poll.poll -> - 10.62 s -> 1.37 s (x 0.13)");
        assertThat(page.select(".comparison .changed").text()).isEqualTo("SLOW -> FAST");
        assertThat(PAGE.select(".comparison")).isEmpty();
    }

    @Test
    void failed_pages_are_listed_with_their_problem() {
        RunResult run = Samples.with(List.of(
                new Page(0, 200, 0, null, null, 0.0, 0.1, 0.2, 0.3, 0.3, 1.3, 1.4),
                new Page(1, 0, 0, null, "connection reset", 0.0, 0.1, 0.2, 0.3, 0.3, null, 0.7),
                new Page(2, 503, 0, null, "HTTP 503", 0.0, 0.1, 0.2, 0.3, 0.3, 0.6, 0.7)), Samples.fast(0, "read", 3));

        Document failing = page(run);

        assertThat(failing.select("table:contains(Pages that failed) tbody tr").eachText())
                .containsExactly("1 - connection reset", "2 503 HTTP 503");
        assertThat(PAGE.text()).doesNotContain("Pages that failed");
    }

    @Test
    void with_many_pages_a_caption_says_how_many_are_drawn() {
        assertThat(page(Samples.fast(0, "read", 1_000)).select("figcaption").text())
                .isEqualTo("Of 1000 pages, one in 20 is drawn.");
        assertThat(PAGE.select("figcaption")).isEmpty();
    }

    @Test
    void the_page_is_accessible_to_a_screen_reader() {
        assertThat(PAGE.select("html").attr("lang")).isEqualTo("en");
        assertThat(PAGE.title()).isNotBlank();
        assertThat(PAGE.select("h1")).hasSize(1);
        int level = 0;
        for (Element heading : PAGE.select("h1, h2, h3, h4, h5, h6")) {
            int next = heading.tagName().charAt(1) - '0';
            assertThat(next).as(heading.text()).isLessThanOrEqualTo(level + 1);
            level = next;
        }
        assertThat(PAGE.select("table")).isNotEmpty().allSatisfy(table -> {
            assertThat(table.select("> caption").text()).isNotBlank();
            assertThat(table.select("thead th")).isNotEmpty();
            assertThat(table.select("tbody tr")).allSatisfy(row -> assertThat(row.select("th[scope=row]")).hasSize(1));
            assertThat(table.select("th")).allMatch(head -> Set.of("row", "col").contains(head.attr("scope")));
        });
        assertThat(PAGE.select("[tabindex]")).allMatch(element -> !element.attr("aria-label").isBlank());
    }

    @Test
    void no_id_is_used_twice() {
        Document twice = page(RUNS.get(0), RUNS.get(0));

        Set<String> ids = new HashSet<>();
        assertThat(twice.select("[id]").eachAttr("id")).allMatch(ids::add);
        assertThat(twice.select("article").eachAttr("id")).containsExactly("stage-00-read", "stage-00-read-2");
    }

    @Test
    void the_page_loads_nothing_and_runs_no_script() {
        assertThat(PAGE.select("script, link, iframe, object, embed, img, image, base, form")).isEmpty();
        assertThat(PAGE.select("[src], [srcset], [action], [onclick], [onload]")).isEmpty();
        assertThat(PAGE.select("[href], [xlink:href]").eachAttr("href")).allMatch(link -> link.startsWith("#"));
        assertThat(PAGE.select("style").html()).doesNotContain("url(", "@import");
        assertThat(PAGE.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .startsWith("default-src 'none'");
    }

    @Test
    void text_from_outside_is_escaped() {
        String hostile = "</style></pre><script>alert('x')</script><img src=x onerror=alert(1)>${1 + 1}\"'&amp;";

        Document strange = page(Samples.hostile(hostile));

        assertThat(strange.select("script, img")).isEmpty();
        assertThat(strange.select("td.problem").text()).isEqualTo(hostile);
        assertThat(strange.select(".why").text()).isEqualTo(hostile);
        assertThat(strange.select("article .stack").text()).isEqualTo(hostile);
        assertThat(strange.select(".jars li").text()).isEqualTo(hostile + " " + hostile);
    }

    @Test
    void unknown_values_are_left_out() {
        String report = HtmlReport.of(Samples.results(List.of(Samples.empty())));

        assertThat(Jsoup.parse(report).text()).doesNotContain("null").contains("No profile was recorded.")
                .contains("No verdict in 1.");
        assertThat(report).doesNotContain("null");
        assertThat(Jsoup.parse(report).select(".verdict").eachText()).containsOnly("none");
    }

    @Test
    void a_report_of_nothing_says_so() {
        assertThat(page().select(".lead").text()).isEqualTo("Nothing was run.");
    }

    @Test
    void the_same_results_give_the_same_bytes_in_every_language() {
        String here = HtmlReport.of(Samples.results(RUNS));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("de", "DE"));
            assertThat(HtmlReport.of(Samples.results(RUNS))).isEqualTo(here);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void nine_runs_of_a_hundred_pages_fit_in_a_megabyte() {
        assertThat(HtmlReport.of(Samples.results(Samples.report(100))).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(1_000_000);
    }

    private static Document page(RunResult... runs) {
        return Jsoup.parse(HtmlReport.of(Samples.results(List.of(runs))));
    }
}
