package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests how much of a carrier's busy time, here 0 to 300 ms, the recording does not explain. */
class UnexplainedTest {

    private static final Instant START = Instant.parse("2026-11-28T00:00:00Z");

    private final Map<Instant, Duration> sightings = new HashMap<>();

    private Duration delayed = Duration.ZERO;

    private void seen(int... millis) {
        for (int at : millis) {
            sightings.put(START.plusMillis(at), Duration.ZERO);
        }
    }

    private long unexplained() {
        List<SchedulerWatch.Moment> busy = new ArrayList<>();
        for (int at = 0; at <= 300; at += 5) {
            busy.add(new SchedulerWatch.Moment(START.plusMillis(at), START, delayed, 0));
        }
        return CarrierWatch.unexplained(busy, sightings).toMillis();
    }

    @Test
    void without_a_sighting_all_time_is_unexplained() {
        assertThat(unexplained()).isEqualTo(300);
    }

    @Test
    void a_wait_for_a_cpu_explains_its_time() {
        delayed = Duration.ofMillis(250);

        assertThat(unexplained()).isEqualTo(50);
    }

    @Test
    void rare_sightings_do_not_explain_the_time_between_them() {
        seen(50, 150, 290);

        assertThat(unexplained()).isEqualTo(290);
    }

    @Test
    void frequent_sightings_explain_the_time_between_them() {
        seen(10, 20, 30, 50, 70, 90, 110, 140, 160, 180, 200, 220, 250, 270, 280, 295);

        assertThat(unexplained()).isEqualTo(70); // from 90 to 160
    }

    @Test
    void a_pinned_park_explains_all_its_time() {
        seen(20);
        sightings.put(START.plusMillis(40), Duration.ofMillis(200));

        assertThat(unexplained()).isEqualTo(60); // from 240 to 300
    }

    @Test
    void a_pinned_park_that_began_before_and_goes_on_explains_all() {
        sightings.put(START.minusMillis(3), Duration.ofMillis(400));

        assertThat(unexplained()).isZero();
    }

    @Test
    void of_several_busy_times_the_longest_counts() {
        List<SchedulerWatch.Moment> busy = List.of(
                new SchedulerWatch.Moment(START.plusMillis(40), START, Duration.ZERO, 0),
                new SchedulerWatch.Moment(START.plusMillis(190), START.plusMillis(100), Duration.ZERO, 0));

        assertThat(CarrierWatch.unexplained(busy, Map.of())).isEqualTo(Duration.ofMillis(90));
        assertThat(CarrierWatch.unexplained(List.of(), Map.of())).isZero();
    }
}
