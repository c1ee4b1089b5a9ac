package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    private static final CarrierBlock WAITS = new CarrierBlock("a.Poll.poll", Kind.NATIVE, 0.95, List.of());
    private static final CarrierBlock COMPUTES = new CarrierBlock("a.Handshake.sign", Kind.COMPUTING, 0.7, List.of());

    @ParameterizedTest(name = "{0} pages of 1 s in {1} s, {2} at once, {3} carriers: {4}")
    @CsvSource({
        "  10,  1.1,   10,  1, FAST",
        "  10,  4.9,   10,  1, FAST", // a slow machine, but all pages waited at the same time
        "  10, 30.0,   10,  1, FAST",
        "  10,  4.9,    6,  1, FAST", // a machine so slow that the first page was answered before the last was sent
        "  10,  2.0,    5,  1, FAST",
        "  10,  2.1,    5,  1, PARTIAL", // as with a pool of five connections
        "  10,  5.1,    2,  1, PARTIAL",
        "  10, 10.3,    1,  1, SLOW",
        "  10, 30.0,    1,  1, SLOW", // a slow machine
        "  10,  5.3,    2,  2, SLOW",
        "  10,  5.3,    3,  2, PARTIAL",
        "  10,  2.0,    8,  8, SLOW", // the overlap is half of the pages, but each carrier had one wait at a time
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
        "10, 1.00, 10.0, 1, SLOW", // a wait ends when the next one begins
        "10, 1.01, 10.1, 1, SLOW",
        "10, 0.50,  5.5, 2, SLOW"
    })
    void the_pages_times_decide_if_no_server_counts(int pages, double distance, double elapsed, int carriers,
            Verdict expected) {
        assertThat(Runs.seen(Runs.pages(pages, distance), elapsed, carriers).verdict()).contains(expected);
    }

    @Test
    void the_servers_count_takes_precedence_over_the_pages_times() {
        assertThat(Runs.seen(Runs.pages(10, 0), 10.1, 1).withServer(1, 1).verdict()).contains(Verdict.SLOW);
    }

    @Test
    void a_run_that_exceeds_its_timeout_is_hung() {
        assertThat(Runs.timedOut(Runs.seen(Runs.pages(10, 0), 1, 1)).verdict()).contains(Verdict.HUNG);
        assertThat(Runs.timedOut(Runs.seen(List.of(Runs.invalidPage(0)), 1, 1)).verdict()).contains(Verdict.HUNG);
    }

    @Test
    void there_is_no_verdict_if_a_page_failed() {
        Observation seen = Runs.seen(List.of(Runs.page(0, 0.0, 1.0), Runs.invalidPage(1)), 1, 1).withServer(2, 2);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("1 of 2 pages invalid");
    }

    @Test
    void there_is_no_verdict_if_no_wait_was_seen() {
        Observation seen = Runs.seen(List.of(Runs.page(0, null, null), Runs.page(1, null, null)), 1, 1);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("no wait was seen");
    }

    /** With --delay 0.01 a handshake takes longer than the wait, so the next request comes too late to overlap. */
    @Test
    void there_is_no_verdict_if_a_page_needs_longer_to_reach_its_wait_than_the_wait_lasts() {
        List<Page> pages = IntStream.range(0, 10)
                .mapToObj(i -> Runs.page(i, 0.03 * (i + 1), 0.03 * (i + 1) + 0.01)).toList();
        Observation seen = Runs.delayed(pages, 0.01, 0.31, COMPUTES).withServer(1, 1);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("one wait at a time, too little to judge: a wait lasts 0.010 s, and a page"
                + " needs 0.021 s to reach its wait; a delay of 0.063 s would be enough");
        assertThat(seen.culprit()).isEmpty();
    }

    /** Three of four carriers are idle. */
    @Test
    void a_run_is_slow_if_a_lock_lets_fewer_pages_wait_than_there_are_carriers() {
        Observation seen = Runs.seen(Runs.pages(10, 1.01), 10.1, 4).withServer(1, 1);

        assertThat(seen.verdict()).contains(Verdict.SLOW);
        assertThat(seen.reason()).isEqualTo("one wait at a time on 4 carriers");
    }

    /** For example, one thread makes all requests, and the other threads wait for it. */
    @Test
    void there_is_no_verdict_if_pages_seem_to_wait_together_but_the_run_takes_all_delays_one_after_another() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, 0.0, i + 1.0)).toList();
        Observation seen = Runs.seen(pages, 10.1, 4);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("10 of 10 waits at once by the times of the pages, but the run took as long"
                + " as all delays one after another");
    }

    @Test
    void there_is_no_verdict_if_answers_come_before_the_delay() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, 0.0, 0.02)).toList();
        Observation seen = Runs.seen(pages, 0.2, 1);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason())
                .isEqualTo("the pages waited for 0.020 s although the delay is 1.0 s: check the delay");
    }

    /** All pages wait together, and then parse their answers one after another. */
    @Test
    void computations_with_the_answers_do_not_count_as_waits() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> new Page(i, 200, 0, null, null, 0.0, 0.0, 0.0, 0.0,
                0.0, 0.2, 0.2 * (i + 2))).toList();
        CarrierBlock parses = new CarrierBlock("a.Page.parse", Kind.COMPUTING, 0.9, List.of());
        Observation seen = new Observation(10, pages, 2.2, false, OptionalDouble.of(0.2), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(parses), Runs.NO_DETAILS);

        assertThat(seen.verdict()).isNotEqualTo(Optional.of(Verdict.SLOW));
        assertThat(seen.culprit()).isEmpty();
    }

    @Test
    void without_a_delay_carriers_that_are_blocked_all_the_time_contradict_a_server() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, 0.0, 3.0)).toList();
        Observation seen = new Observation(10, pages, 3.1, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(WAITS), Runs.NO_DETAILS).withServer(10, 9);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.culprit()).isEmpty();
    }

    @Test
    void the_reason_reports_blocked_carriers_if_no_wait_was_seen() {
        Observation seen = Runs.seen(List.of(Runs.page(0, null, null), Runs.page(1, null, null)), 1, 1, WAITS);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("no wait was seen, although carriers were blocked for 95 % of the run");
    }

    /** For example 200 pages with a delay of 0.1 s. */
    @Test
    void there_is_no_verdict_if_waits_end_before_all_pages_can_reach_theirs() {
        List<Page> pages = IntStream.range(0, 200).mapToObj(i -> Runs.page(i, 0.016 * i, 0.016 * i + 0.1)).toList();
        Observation seen = Runs.delayed(pages, 0.1, 3.3, COMPUTES).withServer(7, 6.3);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("7 of 200 waits at once, too little to judge: a wait lasts 0.100 s, and all"
                + " pages need 2.4 s to reach their waits; a delay of 7.2 s would be enough");
        assertThat(seen.culprit()).isEmpty();
    }

    /** A server that sends events: the answer begins at once, and its end takes a second. */
    @Test
    void a_page_whose_answer_begins_at_once_waits_for_its_end() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> new Page(i, 200, 0, null, null, 0.0, 0.0, 0.0, 0.0,
                0.05 * i, 0.05 * i, 0.05 * i + 1)).toList();
        Observation seen = new Observation(10, pages, 1.5, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(), Runs.NO_DETAILS);

        assertThat(seen.verdict()).contains(Verdict.FAST);
        assertThat(seen.atOnce()).isEqualTo(10);
    }

    @Test
    void there_is_no_verdict_if_answers_take_no_time() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, 0.01 * i, 0.01 * i + 0.0001)).toList();
        Observation seen = new Observation(10, pages, 0.1, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(), Runs.NO_DETAILS);

        assertThat(seen.verdict()).isEmpty();
    }

    @Test
    void there_is_no_verdict_if_most_of_the_run_was_not_spent_on_waits() {
        assertThat(Runs.seen(Runs.pages(10, 0), 60, 1).withServer(1, 1).verdict()).isEmpty();
    }

    /** All pages mark their requests as sent, park, and then wait one after another in native code. */
    @Test
    void pages_that_report_sent_too_early_are_slow_if_the_carriers_were_blocked_all_the_time() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, 0.0, 1.02 + i)).toList();
        Observation seen = new Observation(10, pages, 10.1, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(WAITS), Runs.NO_DETAILS);

        assertThat(seen.verdict()).contains(Verdict.SLOW);
        assertThat(seen.reason()).isEqualTo("carriers blocked for 95 % of the run, in which each page waited");
        assertThat(seen.culprit()).contains(WAITS);
    }

    /** For example statements of a database, which compute. Some pages have to wait for a connection first. */
    @Test
    void a_run_is_slow_too_if_only_some_pages_report_sent_too_early() {
        List<Page> pages = IntStream.range(0, 10)
                .mapToObj(i -> i < 3 ? Runs.page(i, 0.0, i + 8.0) : Runs.page(i, i - 3.0, i - 2.0)).toList();
        Observation seen = new Observation(10, pages, 10.1, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(COMPUTES), Runs.NO_DETAILS);

        assertThat(seen.verdict()).contains(Verdict.SLOW);
        assertThat(seen.culprit()).contains(COMPUTES);
    }

    /** The times of a run on 2 cores with a load average of 25. A cold client needed 3.7 s for its first request. */
    @Test
    void a_slow_start_and_handshakes_that_fill_the_carrier_do_not_make_a_run_slow() {
        double[] sent = {5.424, 3.700, 5.289, 4.086, 5.150, 4.369, 5.507, 4.189, 5.596, 4.850};
        double[] end = {6.435, 4.936, 6.432, 5.898, 6.156, 5.618, 6.512, 5.882, 6.605, 5.879};
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, sent[i], end[i])).toList();
        Observation seen = new Observation(10, pages, 7.046, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(COMPUTES), Runs.NO_DETAILS);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("9 of 10 waits at once, but carriers blocked for 70 % of the run");
    }

    /** The times of a run on 2 cores with a load average of 28. Page 0 had to wait for the only connection. */
    @Test
    void there_is_no_verdict_if_few_waits_overlap_and_computations_fill_the_carrier() {
        double[] sent = {0.023, 0.028, 0.972, 1.420, 2.032, 2.772, 3.679, 4.608, 6.520, 7.422};
        double[] end = {8.098, 0.951, 1.420, 2.032, 2.768, 3.668, 4.607, 6.520, 7.410, 7.772};
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, sent[i], end[i])).toList();
        Observation seen = new Observation(10, pages, 8.107, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(COMPUTES), Runs.NO_DETAILS);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("2 of 10 waits at once, but carriers blocked for 70 % of the run");
    }

    @Test
    void blocked_carriers_contradict_a_server_that_counts_all_requests_at_once() {
        Observation seen = Runs.seen(Runs.pages(10, 0), 11, 1, WAITS).withServer(10, 10);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason()).isEqualTo("10 of 10 waits at once, but carriers blocked for 95 % of the run");
        assertThat(seen.culprit()).isEmpty();
    }

    /** A thread may block the carrier in a handshake, or while no other thread has work. */
    @Test
    void a_server_that_counts_all_at_once_is_believed_if_the_run_takes_little_more_than_a_wait() {
        assertThat(Runs.seen(Runs.pages(10, 0), 1.7, 1, WAITS).withServer(10, 10).verdict()).contains(Verdict.FAST);
    }

    /** For example on a slow machine, where five pages with a delay of half a second load many classes first. */
    @Test
    void a_server_that_counts_all_at_once_is_believed_although_the_start_blocked_the_carrier_for_a_while() {
        CarrierBlock loads = new CarrierBlock("a.Page.load", Kind.PINNED, 0.58, List.of());
        List<Page> pages = IntStream.range(0, 5).mapToObj(i -> Runs.page(i, 0.72, 1.22)).toList();

        assertThat(Runs.delayed(pages, 0.5, 1.24, loads).withServer(5, 5).verdict()).contains(Verdict.FAST);
    }

    /** Handshakes use the CPU for most of a short run. */
    @Test
    void a_server_that_counts_all_at_once_is_believed_if_carriers_only_computed() {
        assertThat(Runs.seen(Runs.pages(10, 0), 1.2, 1, COMPUTES).withServer(10, 10).verdict()).contains(Verdict.FAST);
    }

    /** For example name look-ups before the requests, after which one or two requests overlap by chance. */
    @Test
    void carriers_that_are_blocked_for_most_of_the_run_make_it_slow_although_a_few_waits_overlap() {
        Observation seen = Runs.seen(Runs.pages(10, 1.0), 11, 1, WAITS).withServer(2, 1.1);

        assertThat(seen.verdict()).contains(Verdict.SLOW);
        assertThat(seen.reason()).isEqualTo("carriers blocked for 95 % of the run");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "2, 4"})
    void there_is_no_verdict_if_every_page_has_a_carrier(int pages, int carriers) {
        Observation seen = Runs.seen(Runs.pages(pages, 0), 1, carriers);

        assertThat(seen.verdict()).isEmpty();
        assertThat(seen.reason())
                .isEqualTo("there must be more pages than carriers, not %d on %d", pages, carriers);
    }
}
