package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.recorder.Sighting.How;
import dev.cooperativetls.recorder.ThreadDump.Mounted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run of two seconds on one carrier, with a dump every half second. */
class OnlyInDumpsTest {

    private static final Interval RUN = new Interval(Instant.EPOCH, Instant.EPOCH.plusSeconds(2));
    private static final Frame PAGE = Frame.of("a.Page", "load", false, false);
    private static final Stack COLLECTS =
            new Stack(List.of(Frame.of("java.lang.Runtime", "gc", true, true), PAGE), false);
    private static final Stack WAITS = new Stack(List.of(Frame.of("java.lang.Object", "wait0", true, true),
            Frame.of("a.Native", "sort", false, true), PAGE), false);

    private final List<ThreadDump> dumps = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<Interval> idle = new ArrayList<>();

    private void dump(int millis, long thread, Stack stack) {
        dumps.add(new ThreadDump(at(millis), Map.of(thread, new Mounted(stack, null))));
    }

    private void sample(int millis, long thread, How how) {
        sightings.add(Sighting.sample(at(millis), thread, true, how, "a.Page.compute", Stack.NONE));
    }

    private static Instant at(int millis) {
        return Instant.EPOCH.plusMillis(millis);
    }

    private Duration shown(How how) {
        return new OnlyInDumps(dumps, sightings, idle, RUN, 1).shown().stream()
                .filter(seen -> seen.how() == how).map(Sighting::lasted).reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void a_pin_that_never_ends_lasts_from_its_first_dump_to_the_end() {
        dump(500, 1, WAITS);
        dump(1000, 1, WAITS);
        dump(1500, 1, WAITS);

        assertThat(shown(How.PINNED)).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void a_wait_inside_the_jvm_is_in_more_than_one_dump() {
        dump(500, 1, COLLECTS);
        dump(1000, 1, COLLECTS);

        assertThat(shown(How.UNSAMPLED)).isEqualTo(Duration.ofMillis(1500));
    }

    /** A short run on a busy machine, in which pages compute and the sampler is late. */
    @Test
    void a_running_thread_that_a_late_sampler_missed_does_not_wait_inside_the_jvm() {
        dump(500, 1, COLLECTS);
        dump(1000, 2, COLLECTS);

        assertThat(shown(How.UNSAMPLED)).isZero();
    }

    @Test
    void a_thread_that_is_sampled_near_a_dump_adds_nothing() {
        dump(500, 1, WAITS);
        sample(300, 1, How.NATIVE);

        assertThat(shown(How.PINNED)).isZero();
    }

    @Test
    void no_thread_stays_while_the_carrier_has_no_work() {
        dump(500, 1, WAITS);
        idle.add(new Interval(at(700), at(1900)));

        assertThat(shown(How.PINNED)).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void no_thread_stays_while_the_only_carrier_has_another_thread() {
        dump(1000, 1, WAITS);
        sample(1300, 2, How.JAVA);

        assertThat(shown(How.PINNED)).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void a_thread_in_a_dump_does_not_count_if_the_carrier_had_no_work_at_that_time() {
        dump(500, 1, WAITS);
        idle.add(new Interval(at(400), at(600)));

        assertThat(shown(How.PINNED)).isZero();
    }
}
