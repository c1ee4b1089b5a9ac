package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObservationTest {

    private static final CarrierBlock POLL =
            new CarrierBlock("a.Poll.poll", CarrierBlock.Kind.NATIVE, 0.95, List.of("a.Poll.poll"));
    private static final CarrierBlock SPECK =
            new CarrierBlock("a.Startup.run", CarrierBlock.Kind.COMPUTING, 0.09, List.of("a.Startup.run"));

    @Test
    void the_overlap_is_the_sum_of_the_waits_divided_by_the_elapsed_time() {
        assertThat(Runs.seen(Runs.pages(10, 0), 1.25, 1).overlap()).isEqualTo(8);
        assertThat(Runs.seen(Runs.pages(10, 1), 10, 1).overlap()).isEqualTo(1);
    }

    @Test
    void without_a_delay_the_waits_of_the_pages_are_used() {
        List<Page> pages = List.of(Runs.page(0, 0.0, 2.0), Runs.page(1, 1.0, 4.0), Runs.page(2, 0.0, 7.0));
        Observation seen = new Observation(3, pages, 6, false, OptionalDouble.empty(), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(), Runs.NO_DETAILS);

        assertThat(seen.overlap()).isEqualTo(2);
        assertThat(seen.typicalWaitSeconds()).isEqualTo(3);
    }

    @Test
    void a_page_that_never_waited_adds_nothing() {
        List<Page> pages = List.of(Runs.page(0, 0.0, 1.0), Runs.page(1, 0.5, null), Runs.page(2, null, null));

        Observation seen = Runs.seen(pages, 1, 1);

        assertThat(seen.overlap()).isEqualTo(1);
        assertThat(seen.atOnce()).isEqualTo(1);
    }

    @Test
    void a_run_without_time_or_pages_has_no_overlap() {
        assertThat(Runs.seen(List.of(), 0, 1).overlap()).isZero();
        assertThat(Runs.seen(List.of(), 0, 1).typicalWaitSeconds()).isEqualTo(1);
    }

    @Test
    void pages_that_never_came_are_invalid() {
        Observation seen = new Observation(10, Runs.pages(7, 0), 1, true, OptionalDouble.of(1), OptionalInt.empty(),
                OptionalDouble.empty(), 1, null, null, "25", List.of(), Runs.NO_DETAILS);

        assertThat(seen.valid()).isEqualTo(7);
        assertThat(seen.invalid()).isEqualTo(3);
        assertThat(seen.reason()).isEqualTo("3 of 10 pages not done within the timeout");
    }

    @Test
    void at_once_is_the_greatest_number_of_waits_at_the_same_time() {
        List<Page> pages = List.of(Runs.page(0, 0.0, 3.0), Runs.page(1, 1.0, 2.0), Runs.page(2, 2.0, 4.0),
                Runs.page(3, 2.5, 2.6));

        assertThat(Runs.seen(pages, 4, 1).atOnce()).isEqualTo(3);
    }

    @Test
    void the_culprit_blocked_the_longest() {
        assertThat(Runs.seen(Runs.pages(10, 1), 10, 1, POLL, SPECK).culprit()).contains(POLL);
    }

    @Test
    void a_fast_run_has_no_culprit() {
        assertThat(Runs.seen(Runs.pages(10, 0), 1, 1, POLL).culprit()).isEmpty();
    }

    @Test
    void a_short_block_is_no_culprit() {
        assertThat(Runs.seen(Runs.pages(10, 1), 10, 1, SPECK).culprit()).isEmpty();
    }

    @Test
    void a_block_that_was_compensated_is_no_culprit() {
        CarrierBlock lookup = new CarrierBlock("a.Page.look", CarrierBlock.Kind.NATIVE, 0.97, 0.97, 1, 9, true, null,
                List.of());

        assertThat(Runs.seen(Runs.pages(10, 1), 10, 1, lookup).culprit()).isEmpty();
        assertThat(Runs.seen(Runs.pages(10, 1), 10, 1, lookup, POLL).culprit()).contains(POLL);
    }

    /** There are two carriers, and the other one was idle. */
    @Test
    void a_bystander_that_blocks_while_a_carrier_is_free_is_no_culprit() {
        CarrierBlock watches = new CarrierBlock("a.Watcher.poll", CarrierBlock.Kind.NATIVE, 0.5, 0.02, 10, 900, false,
                null, List.of());

        assertThat(Runs.seen(Runs.pages(10, 1), 10, 2, watches).withServer(1, 1).culprit()).isEmpty();
    }

    @Test
    void a_computation_for_half_of_a_hung_run_is_no_culprit() {
        CarrierBlock computes = new CarrierBlock("a.Page.count", CarrierBlock.Kind.COMPUTING, 0.6, List.of());

        assertThat(Runs.timedOut(Runs.seen(Runs.pages(10, 0), 6, 1, computes)).culprit()).isEmpty();
    }

    @Test
    void many_places_that_each_block_for_a_short_time_are_one_culprit() {
        CarrierBlock[] waits = IntStream.range(0, 12).mapToObj(i -> new CarrierBlock("a.Page.wait" + i,
                CarrierBlock.Kind.NATIVE, 0.08, List.of())).toArray(CarrierBlock[]::new);

        CarrierBlock culprit = Runs.seen(Runs.pages(12, 1), 12, 1, waits).culprit().orElseThrow();
        assertThat(culprit.frame()).isEqualTo("12 methods");
        assertThat(culprit.kind()).isEqualTo(CarrierBlock.Kind.NATIVE);
        assertThat(culprit.share()).isCloseTo(0.96, within(1e-6));
        assertThat(culprit.detail()).isEqualTo("the longest a.Page.wait0");
    }

    @Test
    void a_remark_names_no_phase_if_the_pages_report_none() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i ->
                new Page(i, 200, 0, null, null, null, null, null, null, 0.01 + i, 20.0, 20.0)).toList();

        assertThat(Runs.seen(pages, 12, 1).withServer(10, 10).remarks()).singleElement().asString()
                .endsWith("until then pages were delayed before their requests");
    }

    /** For example ten handshakes that each block for a second, and then answers that come together. */
    @Test
    void a_fast_run_whose_carrier_was_blocked_has_a_remark_that_names_the_method() {
        CarrierBlock handshakes = new CarrierBlock("a.Provider.load", CarrierBlock.Kind.NATIVE, 0.9, List.of());
        List<Page> pages = IntStream.range(0, 10).mapToObj(i -> Runs.page(i, 10.0, 10.5)).toList();
        Observation seen = Runs.delayed(pages, 0.5, 11, handshakes).withServer(10, 9);

        assertThat(seen.verdict()).contains(Verdict.FAST);
        assertThat(seen.culprit()).isEmpty();
        assertThat(seen.remarks()).contains("although the waits overlapped, carriers were blocked for 90 % of the run,"
                + " mostly by a.Provider.load (native, 90 %)");
        assertThat(Runs.delayed(pages, 0.5, 11).withServer(10, 9).remarks())
                .noneMatch(remark -> remark.startsWith("although"));
    }

    /** A pool with one connection, in a run of 2.6 s. Handshakes are a fifth of it. */
    @Test
    void a_computation_that_does_not_explain_the_lost_time_is_no_culprit() {
        CarrierBlock handshakes = new CarrierBlock("a.Handshake.sign", CarrierBlock.Kind.COMPUTING, 0.2, List.of());
        List<Page> pages = IntStream.range(0, 10)
                .mapToObj(i -> Runs.page(i, 0.26 * i + 0.06, 0.26 * (i + 1))).toList();
        Observation seen = Runs.delayed(pages, 0.2, 2.6, handshakes);

        assertThat(seen.verdict()).contains(Verdict.SLOW);
        assertThat(seen.culprit()).isEmpty();
        assertThat(seen.remarks()).containsExactly("no method was seen to block the carriers for long: look for a lock,"
                + " a pool or a limit in the client, or in the server");
    }

    @Test
    void a_remark_reports_late_requests_and_the_phase() {
        List<Page> pages = IntStream.range(0, 10).mapToObj(i ->
                new Page(i, 200, 0, null, null, 0.0, 0.0, 0.01, 0.01 + i, 0.01 + i, 20.0, 20.0)).toList();
        Observation seen = Runs.seen(pages, 20, 1).withServer(10, 10);

        assertThat(seen.verdict()).contains(Verdict.FAST);
        assertThat(seen.remarks()).isEmpty();
        assertThat(Runs.seen(pages, 12, 1).withServer(10, 10).remarks()).containsExactly("the last request was sent"
                + " after 9.0 s of 12.0 s: until then pages were delayed before their requests, mostly in handshake");
    }

    @Test
    void a_remark_suggests_another_poller_mode_if_a_pinned_wait_for_a_socket_never_ends() {
        CarrierBlock pinned = new CarrierBlock("a.Native.read", CarrierBlock.Kind.PINNED, 1,
                List.of("sun.nio.ch.Poller.poll", "a.Native.read"));

        assertThat(Runs.timedOut(Runs.seen(Runs.pages(10, 0), 8, 1, pinned)).remarks()).singleElement().asString()
                .contains("-Djdk.pollerMode=1");
    }

    @Test
    void a_hung_run_has_a_culprit() {
        assertThat(Runs.timedOut(Runs.seen(Runs.pages(10, 0), 1, 1, POLL)).culprit()).contains(POLL);
    }

    @Test
    void adding_the_servers_count_changes_nothing_else() {
        Observation seen = Runs.seen(Runs.pages(10, 0), 1, 1, POLL);

        Observation both = seen.withServer(7, 3.5);

        assertThat(both.serverPeak()).hasValue(7);
        assertThat(both.serverMean().getAsDouble()).isCloseTo(3.5, within(0.0));
        assertThat(both).usingRecursiveComparison().ignoringFields("serverPeak", "serverMean").isEqualTo(seen);
    }
}
