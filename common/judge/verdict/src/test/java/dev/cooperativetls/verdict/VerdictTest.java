package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    @ParameterizedTest(name = "{0} pages of 1 s in {1} s, {2} at once, {3} carriers: {4}")
    @CsvSource({
        "  10,  1.1,   10,  1, FAST",
        "  10,  4.9,   10,  1, FAST", // a slow machine: but all waited at once
        "  10, 30.0,   10,  1, FAST",
        "  10,  4.9,    6,  1, FAST", // a machine so slow that the first was answered before the last was sent
        "  10,  2.0,    5,  1, FAST",
        "  10,  2.1,    5,  1, PARTIAL", // as with a pool of five connections
        "  10,  5.1,    2,  1, PARTIAL",
        "  10, 10.3,    1,  1, SLOW",
        "  10, 60.0,    1,  1, SLOW",
        "  10,  5.3,    2,  2, SLOW",
        "  10,  5.3,    3,  2, PARTIAL",
        "  10,  2.0,    8,  8, SLOW", // at least half of them on average, but a wait for each carrier
        "  10,  1.2,   10,  8, FAST",
        "1000,  1.9,  900,  1, FAST",
        "   2,  1.1,    2,  1, FAST",
        "   2,  2.1,    1,  1, SLOW"
    })
    void waits_at_once_decide(int pages, double elapsed, int peak, int carriers, Verdict expected) {
        assertThat(Runs.seen(Runs.pages(pages, 0), elapsed, carriers).withServer(peak, peak).verdict())
                .contains(expected);
    }

    @ParameterizedTest(name = "{0} pages, sent {1} s apart, in {2} s, {3} carriers: {4}")
    @CsvSource({
        "10, 0.00,  1.1, 1, FAST",
        "10, 0.02,  1.2, 1, FAST",
        "10, 0.50,  5.5, 1, PARTIAL",
        "10, 1.00, 10.0, 1, SLOW", // one ends as the next begins
        "10, 1.01, 10.1, 1, SLOW",
        "10, 0.50,  5.5, 2, SLOW"
    })
    void the_pages_times_decide_where_the_server_does_not_tell(int pages, double distance, double elapsed, int carriers,
            Verdict expected) {
        assertThat(Runs.seen(Runs.pages(pages, distance), elapsed, carriers).verdict()).contains(expected);
    }

    @Test
    void what_the_server_counted_goes_before_what_the_pages_saw() {
        assertThat(Runs.seen(Runs.pages(10, 0), 10.1, 1).withServer(1, 1).verdict()).contains(Verdict.SLOW);
    }

    @Test
    void a_run_out_of_time_is_hung_whatever_else_was_seen() {
        assertThat(Runs.timedOut(Runs.seen(Runs.pages(10, 0), 1, 1)).verdict()).contains(Verdict.HUNG);
        assertThat(Runs.timedOut(Runs.seen(List.of(Runs.invalidPage(0)), 1, 1)).verdict()).contains(Verdict.HUNG);
    }

    @Test
    void a_failed_page_leaves_nothing_to_judge() {
        Observation seen = Runs.seen(List.of(Runs.page(0, 0.0, 1.0), Runs.invalidPage(1)), 1, 1).withServer(2, 2);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("1 of 2 pages invalid");
    }

    @Test
    void waits_that_nobody_saw_are_not_taken_for_slow() {
        Observation seen = Runs.seen(List.of(Runs.page(0, null, null), Runs.page(1, null, null)), 1, 1);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("no wait was seen");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "2, 4"})
    void with_a_carrier_for_every_page_nothing_can_be_told(int pages, int carriers) {
        Observation seen = Runs.seen(Runs.pages(pages, 0), 1, carriers);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason())
                .isEqualTo("to tell, there must be more pages than carriers, not %d on %d", pages, carriers);
    }
}
