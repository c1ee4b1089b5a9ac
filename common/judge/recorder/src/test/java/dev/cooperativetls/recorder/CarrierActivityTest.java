package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Times are in seconds since the beginning of a run of ten. */
class CarrierActivityTest {

    private final CarrierActivity activity = new CarrierActivity(interval(0, 10));

    private static Instant at(double seconds) {
        return Instant.EPOCH.plusNanos((long) (seconds * 1e9));
    }

    private static Interval interval(double from, double to) {
        return new Interval(at(from), at(to));
    }

    @Test
    void a_carrier_is_busy_from_one_park_to_the_next() {
        activity.parked(1, interval(-5, 1));
        activity.parked(1, interval(3, 4));
        activity.parked(1, interval(6, 7));

        assertThat(activity.busy(Duration.ZERO, at(0))).isEqualTo(Duration.ofSeconds(4));
        assertThat(activity.idle()).contains(interval(3, 4), interval(6, 7));
    }

    @Test
    void short_intervals_do_not_count() {
        activity.parked(1, interval(0, 1));
        activity.parked(1, interval(1.05, 2));
        activity.parked(1, interval(5, 6));

        assertThat(activity.busy(Duration.ofMillis(100), at(0))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void after_its_last_park_a_single_carrier_is_busy_until_a_thread_was_seen_last() {
        activity.parked(1, interval(0, 1));

        assertThat(activity.busy(Duration.ZERO, at(9))).isEqualTo(Duration.ofSeconds(8));
        assertThat(activity.busy(Duration.ZERO, at(0.5))).isEqualTo(Duration.ZERO);
    }

    @Test
    void of_several_carriers_nothing_is_known_after_a_carriers_last_park() {
        activity.parked(1, interval(0, 1));
        activity.parked(2, interval(0, 1));

        assertThat(activity.busy(Duration.ZERO, at(9))).isEqualTo(Duration.ZERO);
    }

    @Test
    void a_carrier_that_never_parked_is_busy_since_it_was_started() {
        activity.started(1, at(-1));

        assertThat(activity.busy(Duration.ZERO, at(9))).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void the_carriers_are_idle_when_all_are() {
        activity.parked(1, interval(0, 2));
        activity.parked(1, interval(4, 6));
        activity.parked(2, interval(1, 5));
        activity.parked(2, interval(7, 8));

        assertThat(activity.idle()).containsExactly(interval(0, 2), interval(4, 5), interval(7, 8));
    }

    @Test
    void cpu_time_counts_from_the_measurement_before() {
        activity.used(1, at(0.1), 1);
        activity.measured(at(0.3)); // of another thread: this one used nothing
        activity.used(1, at(0.5), 0.5);

        assertThat(cpu()).isCloseTo(0.1 + 0.5 * 0.2, within(1e-6));
        assertThat(activity.cpuSeconds()[3]).isCloseTo(0.05, within(1e-6));
        assertThat(activity.cpuSeconds()[2]).isZero();
    }

    /** A carrier that handles an answer after each wait: during the waits it used no CPU, so no event was written. */
    @Test
    void cpu_time_after_a_long_wait_was_not_used_during_the_wait() {
        activity.measuredEvery(Duration.ofMillis(100));
        for (int answer = 1; answer <= 9; answer++) {
            activity.used(1, at(answer), 0.1);
        }

        assertThat(cpu()).isLessThan(9 * 0.031);
    }

    @Test
    void measurements_may_be_rare_and_late() {
        activity.measuredEvery(Duration.ofSeconds(4));
        activity.used(1, at(4), 1);
        activity.used(1, at(9), 1);

        assertThat(cpu()).isCloseTo(9, within(1e-6));
    }

    @Test
    void cpu_time_outside_the_run_does_not_count() {
        activity.used(1, at(-0.1), 1);
        activity.used(1, at(0.1), 1);
        activity.used(1, at(10.2), 1);

        assertThat(cpu()).isCloseTo(0.1 + 0.1, within(1e-6));
    }

    private double cpu() {
        return Arrays.stream(activity.cpuSeconds()).sum();
    }

    @Test
    void only_carriers_that_exist_at_the_same_time_are_counted() {
        activity.started(1, at(0));
        activity.ended(1);
        activity.started(2, at(5));
        assertThat(activity.mostAtOnce()).isEqualTo(1);

        activity.parked(3, interval(6, 7));
        assertThat(activity.mostAtOnce()).isEqualTo(2);
    }
}
