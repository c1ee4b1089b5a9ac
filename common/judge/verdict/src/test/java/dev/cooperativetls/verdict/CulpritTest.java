package dev.cooperativetls.verdict;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;

import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.verdict.BlockingProgram.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs that block their carriers in each way: the judge must name the place. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CulpritTest {

    private static final String NATIVE_POLL = BlockingProgram.Native.class.getName() + ".poll";
    private static final String PINNED_PARK = BlockingProgram.Native.class.getName() + ".compare";
    private static final String SPIN = BlockingProgram.class.getName() + ".spin";

    @AfterEach
    void nothing_is_left_behind() {
        Leftovers.assertNone();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_wait_in_native_code_is_named(int carriers) throws Exception {
        Observation seen = observe(Way.IN_NATIVE_CODE, carriers);

        assertThat(seen).isSlow().isBlockedBy(NATIVE_POLL);
        assertShare(seen, CarrierBlock.Kind.NATIVE, seen.overlap() / carriers);
    }

    @Test
    void a_spin_is_named() throws Exception {
        Observation seen = observe(Way.SPINNING, 1);

        assertThat(seen).isSlow().isBlockedBy(SPIN);
        assertShare(seen, CarrierBlock.Kind.COMPUTING, seen.overlap());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_pinned_park_is_named(int carriers) throws Exception {
        Observation seen = observe(Way.PINNED, carriers);

        assertThat(seen).isSlow().isBlockedBy(PINNED_PARK);
        assertShare(seen, CarrierBlock.Kind.PINNED, seen.overlap() / carriers);
    }

    @Test
    void of_a_mixture_the_longest_is_the_culprit_and_the_other_is_told() throws Exception {
        Observation seen = observe(Way.MIXED, 1);

        assertThat(seen).isSlow().isBlockedBy(NATIVE_POLL);
        Assertions.assertThat(seen.carrierBlocks()).as(seen.describe()).anySatisfy(block -> {
            Assertions.assertThat(block.frame()).isEqualTo(SPIN);
            Assertions.assertThat(block.kind()).isEqualTo(CarrierBlock.Kind.COMPUTING);
            Assertions.assertThat(block.share()).isLessThan(0.45);
        });
    }

    @Test
    void waits_that_overlap_are_fast_and_blocked_by_nobody() throws Exception {
        Observation seen = observe(Way.COOPERATIVE, 1);

        assertThat(seen).isFast().isBlockedByNobody();
        assertNobodyBlockedWhileWaiting(seen);
    }

    @Test
    void waits_that_queue_for_something_else_are_slow_and_blocked_by_nobody() throws Exception {
        Observation seen = observe(Way.ONE_AFTER_ANOTHER, 1);

        assertThat(seen).isSlow().isBlockedByNobody();
        assertNobodyBlockedWhileWaiting(seen);
    }

    @Test
    void a_run_that_never_ends_is_hung_and_its_culprit_named() throws Exception {
        Observation seen = program(Way.IN_NATIVE_CODE, 2, Duration.ofDays(1), 1)
                .within(Duration.ofSeconds(12)).withGrace(Duration.ZERO).observe();

        assertThat(seen).isHung().isBlockedBy(NATIVE_POLL);
        Assertions.assertThat(seen.invalid()).isEqualTo(2);
    }

    private static Observation observe(Way way, int carriers) throws IOException, InterruptedException {
        return program(way, 8, Duration.ofMillis(250), carriers).observe();
    }

    private static Observer program(Way way, int pages, Duration wait, int carriers) {
        return Programs.observer(BlockingProgram.class).arguments(way.name(), Integer.toString(pages),
                Long.toString(wait.toMillis()), Integer.toString(carriers));
    }

    /** The program measured the truth itself. An overloaded machine samples too little, never too much. */
    private static void assertShare(Observation seen, CarrierBlock.Kind kind, double truth) {
        CarrierBlock culprit = seen.culprit().orElseThrow();
        Assertions.assertThat(culprit.kind()).isEqualTo(kind);
        Assertions.assertThat(culprit.share()).as(seen.describe()).isBetween(0.4 * truth, truth + 0.15);
    }

    private static void assertNobodyBlockedWhileWaiting(Observation seen) {
        Assertions.assertThat(seen.carrierBlocks()).as(seen.describe())
                .filteredOn(block -> block.kind() != CarrierBlock.Kind.COMPUTING)
                .allMatch(block -> block.share() < 0.1);
    }
}
