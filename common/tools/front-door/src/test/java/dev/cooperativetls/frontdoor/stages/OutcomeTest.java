package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.frontdoor.VerdictTable;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.verdict.Details;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks how an observation is compared with the expected verdict, and how it is reported. */
class OutcomeTest {

    private static final Cell FAST_CELL = cell(2, "read");

    @Test
    void the_verdict_of_the_stage_is_as_expected() {
        assertThat(new Outcome(FAST_CELL, null, seen(10, 1.2, null)).asExpected()).isTrue();
    }

    @Test
    void another_verdict_is_reported_with_its_reason() {
        Outcome outcome = new Outcome(FAST_CELL, null, seen(1, 10.4, null));

        assertThat(outcome.asExpected()).isFalse();
        assertThat(outcome.complaint()).isEqualTo("stage-02 read: SLOW, expected FAST: one wait at a time");
    }

    @Test
    void a_partial_verdict_comes_with_advice() {
        assertThat(new Outcome(FAST_CELL, null, seen(5, 2.4, null)).complaint()).isEqualTo("stage-02 read: PARTIAL,"
                + " expected FAST: 5 of 10 waits at once; if the machine is slow or busy, give a longer --delay");
    }

    @Test
    void a_failed_page_is_reported_with_its_problem() {
        Outcome outcome = new Outcome(FAST_CELL, null, seen(10, 1.2, "HTTP 404"));

        assertThat(outcome.asExpected()).isFalse();
        assertThat(outcome.complaint())
                .isEqualTo("stage-02 read: no verdict: 10 of 10 pages invalid, the first: HTTP 404");
    }

    @Test
    void the_complaint_about_a_run_with_too_short_waits_has_a_delay_that_would_be_enough() {
        assertThat(new Outcome(FAST_CELL, null, seen(1, 40, null)).complaint()).isEqualTo("stage-02 read: no verdict:"
                + " one wait at a time, too little to judge: a wait lasts 1.0 s, and a page needs 3.0 s to reach"
                + " its wait; a delay of 9.0 s would be enough");
    }

    @Test
    void without_a_terminal_the_table_is_aligned_and_has_no_colours() {
        Outcome slow = new Outcome(cell(1, "readInto"), null, seen(1, 10.4, null, List.of(
                new CarrierBlock("dev.cooperativetls.altprovider.Poll.poll", Kind.NATIVE, 0.97, List.of()))));
        Outcome fast = new Outcome(FAST_CELL, null, seen(10, 1.2, null));

        assertThat(VerdictTable.of(List.of(
                slow.result("httpclient5"), fast.result("httpclient5"))))
                .isEqualToNormalizingNewlines("""
                        stage     installed              read call     time  peak  verdict  culprit
                        stage-01  alt provider           readInto   10.40 s     1  SLOW     Poll.poll 97 %
                        stage-02  + cooperative wrapper  read        1.20 s    10  FAST     -
                        """);
    }

    @Test
    void remarks_are_printed_below_the_table() {
        Outcome slow = new Outcome(cell(1, "readInto"), null, seen(1, 10.4, null));

        assertThat(VerdictTable.of(List.of(slow.result("httpclient5"))).lines().skip(2))
                .containsExactly("stage-01 readInto: no method was seen to block the carriers for long: look for a"
                        + " lock, a pool or a limit in the client, or in the server");
    }

    @Test
    void with_the_patch_off_a_stage_has_the_expected_verdict_of_another() {
        Stage patched = Stages.ALL.get(4);

        assertThat(new Cell(patched, Stages.ALL.get(3), "readInto", true, true).expected()).contains(Verdict.SLOW);
        assertThat(new Cell(patched, patched, "readInto", true, true).expected()).contains(Verdict.FAST);
    }

    @Test
    void without_tls_every_stage_is_expected_to_be_fast() {
        assertThat(new Cell(Stages.ALL.get(1), Stages.ALL.get(1), "read", false, true).expected())
                .contains(Verdict.FAST);
    }

    @Test
    void with_another_client_any_verdict_is_as_expected() {
        Cell cell = new Cell(Stages.ALL.get(1), Stages.ALL.get(1), "read", true, false);

        assertThat(new Outcome(cell, null, seen(10, 1.2, null)).asExpected()).isTrue();
        assertThat(new Outcome(cell, null, seen(1, 10.4, null)).asExpected()).isTrue();
        assertThat(new Outcome(cell, null, seen(10, 1.2, "HTTP 404")).asExpected()).isFalse();
    }

    private static Cell cell(int stage, String readCall) {
        return new Cell(Stages.ALL.get(stage), Stages.ALL.get(stage), readCall, true, true);
    }

    private static Observation seen(int peak, double elapsedSeconds, String problem) {
        return seen(peak, elapsedSeconds, problem, List.of());
    }

    private static Observation seen(int peak, double elapsedSeconds, String problem, List<CarrierBlock> blocks) {
        List<Page> pages = IntStream.range(0, 10)
                .mapToObj(page -> new Page(page, 200, 0, null, problem, 0.0, 0.0, 0.1, 0.1, 0.1, 1.1, 1.1))
                .toList();
        return new Observation(10, pages, elapsedSeconds, false, OptionalDouble.of(1), OptionalInt.of(peak),
                OptionalDouble.of(peak), 1, "a.Socket", "a provider", "25", blocks,
                new Details(List.of(), Instant.EPOCH, null, null, null, null));
    }
}
