package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cooperativetls.recorder.Sighting.How;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the estimate with made-up runs, which are sampled as JFR samples. */
class VisitsTest {

    private record Place(How how, String name) {}

    private static final Place POLL = new Place(How.NATIVE, "a.Poll.poll");
    private static final Place WRITE = new Place(How.NATIVE, "a.Socket.write");
    private static final Place SPIN = new Place(How.JAVA, "a.Spin.spin");
    private static final Place PARK = new Place(How.PINNED, "a.Pinned.park");

    private static final Duration TICK = Duration.ofMillis(10);

    /** The sampler's ticks on a machine. */
    private enum Machine {
        QUIET, JITTERY, BUSY;

        /** Returns the time to the next tick, in milliseconds. On a busy machine one tick in twenty is late. */
        double next(Random random) {
            return switch (this) {
                case QUIET -> 10;
                case JITTERY -> 10 + 3 * random.nextDouble();
                case BUSY -> random.nextInt(20) == 0 ? 20 + 70 * random.nextDouble() : 10 + 3 * random.nextDouble();
            };
        }
    }

    /** A thread's stay at a place, in milliseconds. */
    private record Stay(long thread, boolean virtual, Place place, double from, double to) {}

    private final List<Stay> stays = new ArrayList<>();

    private void stay(long thread, Place place, double from, double to) {
        stays.add(new Stay(thread, true, place, from, to));
    }

    /** Adds platform threads that are in native code all the time, as pollers of sockets are. */
    private void platformThreadsInNativeCode(int count, double until) {
        for (int i = 0; i < count; i++) {
            stays.add(new Stay(1_000_000 + i, false, POLL, 0, until));
        }
    }

    private static Instant at(double milliseconds) {
        return Instant.EPOCH.plusNanos((long) (milliseconds * 1e6));
    }

    /** Samples at each tick all threads that run Java code, and one thread in native code, in turn. */
    private List<Sighting> sampled(Machine machine) {
        Random random = new Random(25);
        double end = stays.stream().mapToDouble(Stay::to).max().orElseThrow();
        List<Sighting> sightings = new ArrayList<>();
        long last = 0;
        for (double time = machine.next(random); time < end; time += machine.next(random)) {
            double now = time;
            long lastOne = last;
            List<Stay> current = stays.stream().filter(stay -> stay.from <= now && now < stay.to).toList();
            current.stream().filter(stay -> stay.place.how == How.JAVA)
                    .forEach(stay -> sightings.add(sighting(stay, now)));
            List<Stay> inNative = current.stream().filter(stay -> stay.place.how == How.NATIVE)
                    .sorted((one, other) -> Long.compare(one.thread, other.thread)).toList();
            if (!inNative.isEmpty()) {
                Stay next = inNative.stream().filter(stay -> stay.thread > lastOne).findFirst()
                        .orElse(inNative.getFirst());
                sightings.add(sighting(next, now));
                last = next.thread;
            }
        }
        stays.stream().filter(stay -> stay.place.how == How.PINNED).forEach(stay -> sightings.add(
                new Sighting(at(stay.from), stay.thread, true, How.PINNED, stay.place.name,
                        Duration.between(at(stay.from), at(stay.to)), Stack.NONE, false, null)));
        return sightings;
    }

    private static Sighting sighting(Stay stay, double now) {
        return Sighting.sample(at(now), stay.thread, stay.virtual, stay.place.how, stay.place.name, Stack.NONE);
    }

    /** Returns the intervals without any virtual thread, in which the carriers park. */
    private List<Interval> idle() {
        List<Stay> virtual = stays.stream().filter(Stay::virtual)
                .sorted((one, other) -> Double.compare(one.from, other.from)).toList();
        List<Interval> idle = new ArrayList<>();
        double busyUntil = 0;
        for (Stay stay : virtual) {
            if (stay.from > busyUntil) {
                idle.add(new Interval(at(busyUntil), at(stay.from)));
            }
            busyUntil = Math.max(busyUntil, stay.to);
        }
        return idle;
    }

    private static Map<String, Duration> blockedTimes(List<Sighting> sightings, List<Interval> idle, int carriers) {
        return Visits.charges(sightings, idle, (_, _) -> false, carriers, TICK, TICK).stream().collect(Collectors.toMap(
                charge -> charge.seen().place(), Visits.Charge::time, Duration::plus));
    }

    /** Returns the estimate divided by the true time. */
    private double accuracy(Place place, Machine machine, int carriers) {
        double blocked = blockedTimes(sampled(machine), idle(), carriers)
                .getOrDefault(place.name, Duration.ZERO)
                .toNanos() / 1e6;
        return blocked / stays.stream().filter(stay -> stay.virtual && stay.place.equals(place))
                .mapToDouble(stay -> stay.to - stay.from).sum();
    }

    @ParameterizedTest(name = "{0}, {1} platform threads in native code")
    @CsvSource({"QUIET, 0", "JITTERY, 0", "BUSY, 0", "QUIET, 2", "BUSY, 2", "QUIET, 8", "BUSY, 8"})
    void one_wait_after_another_in_native_code(Machine machine, int others) {
        for (int page = 0; page < 10; page++) {
            stay(page + 1, POLL, 1_050 * page, 1_050 * page + 1_000);
        }
        platformThreadsInNativeCode(others, 10_500);

        // The more threads take turns, the longer the beginning and the end of a wait stay unseen.
        assertThat(accuracy(POLL, machine, 1)).isCloseTo(1, within(others > 2 ? 0.1 : 0.05));
    }

    @ParameterizedTest(name = "{0}, {1} platform threads in native code")
    @CsvSource({"QUIET, 0", "JITTERY, 0", "BUSY, 0", "QUIET, 3", "BUSY, 3"})
    void two_carriers_at_once_in_native_code(Machine machine, int others) {
        for (int page = 0; page < 10; page++) {
            stay(page + 1, POLL, 500 * page, 500 * page + 1_000);
        }
        platformThreadsInNativeCode(others, 5_500);

        assertThat(accuracy(POLL, machine, 2)).isCloseTo(1, within(0.06));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void one_carrier_of_two(Machine machine) {
        stay(1, POLL, 0, 5_000);
        for (int page = 0; page < 50; page++) {
            stay(2 + page, SPIN, 100 * page, 100 * page + 40);
        }

        assertThat(accuracy(POLL, machine, 2)).isCloseTo(1, within(0.05));
        assertThat(accuracy(SPIN, machine, 2)).isCloseTo(1, within(0.25));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void a_mixture_of_all_kinds_in_each_thread(Machine machine) {
        for (int page = 0; page < 10; page++) {
            double start = 1_000 * page;
            stay(page + 1, SPIN, start, start + 200);
            stay(page + 1, POLL, start + 200, start + 600);
            stay(page + 1, PARK, start + 600, start + 650);
            stay(page + 1, WRITE, start + 650, start + 1_000);
        }

        assertThat(accuracy(POLL, machine, 1)).isCloseTo(1, within(0.1));
        assertThat(accuracy(WRITE, machine, 1)).isCloseTo(1, within(0.1));
        assertThat(accuracy(SPIN, machine, 1)).isCloseTo(1, within(0.15));
        assertThat(accuracy(PARK, machine, 1)).isCloseTo(1, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void many_short_waits(Machine machine) {
        for (int page = 0; page < 500; page++) {
            stay(page + 1, POLL, 20 * page, 20 * page + 20);
        }

        // A late tick hides whole waits here, and the estimate does not add them.
        assertThat(accuracy(POLL, machine, 1)).isBetween(0.6, 1.2);
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void the_time_away_is_not_charged(Machine machine) {
        for (int i = 0; i < 10; i++) {
            stay(1, POLL, 600 * i, 600 * i + 300);
        }

        assertThat(accuracy(POLL, machine, 1)).isCloseTo(1, within(0.15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void moments_in_native_code_do_not_add_up_to_a_culprit(int carriers) {
        for (int i = 0; i < 2_000; i++) {
            stay(1 + i % 10, WRITE, 5 * i, 5 * i + 0.1); // 2 % of the time
        }
        stays.add(new Stay(99, true, SPIN, 9_999, 10_000));

        Duration blocked = blockedTimes(sampled(Machine.JITTERY), idle(), carriers)
                .getOrDefault(WRITE.name, Duration.ZERO);

        assertThat(blocked).isLessThan(Duration.ofMillis(1_000 * carriers));
    }

    @Test
    void a_thread_that_the_sampler_passed_over_was_away() {
        List<Sighting> sightings = new ArrayList<>();
        for (int time = 0; time <= 90; time += 10) {
            boolean ours = time == 0 || time == 90;
            sightings.add(Sighting.sample(at(time), ours ? 1 : 2, ours, How.NATIVE, POLL.name, Stack.NONE));
        }

        assertThat(blockedTimes(sightings, List.of(), 1).get(POLL.name)).isLessThanOrEqualTo(Duration.ofMillis(40));
    }

    /** With two carriers it is not known which one had the thread. */
    @Test
    void a_thread_was_away_if_every_carrier_had_no_work_in_between() {
        stay(1, WRITE, 0, 500);
        List<Sighting> sightings = sampled(Machine.QUIET);

        List<Visits.Charge> stayed = Visits.charges(sightings, List.of(), (_, _) -> false, 2, TICK, TICK);
        List<Visits.Charge> left = Visits.charges(sightings, List.of(), (_, _) -> true, 2, TICK, TICK);

        assertThat(stayed).extracting(Visits.Charge::visit).containsOnly(1);
        assertThat(stayed.stream().map(Visits.Charge::certain).reduce(Duration.ZERO, Duration::plus))
                .isGreaterThanOrEqualTo(Duration.ofMillis(480));
        assertThat(left).extracting(Visits.Charge::certain).containsOnly(Duration.ZERO);
    }

    @Test
    void a_single_sample_stands_for_one_tick() {
        stay(1, POLL, 95, 105);

        assertThat(blockedTimes(sampled(Machine.QUIET), idle(), 1))
                .isEqualTo(Map.of(POLL.name, Duration.ofMillis(10)));
    }

    @Test
    void platform_threads_block_no_carrier() {
        platformThreadsInNativeCode(3, 1_000);

        assertThat(blockedTimes(sampled(Machine.QUIET), idle(), 1)).isEmpty();
    }

    @Test
    void no_sightings_give_no_blocks() {
        assertThat(blockedTimes(List.of(), List.of(), 1)).isEmpty();
    }

    @ParameterizedTest(name = "{0} ms of {1} ms, {2}")
    @CsvSource({"20, 40, QUIET", "20, 40, JITTERY", "30, 300, QUIET", "50, 100, BUSY", "190, 200, BUSY"})
    void a_thread_that_leaves_repeatedly_was_away_while_the_carrier_was_idle(double stays, double period,
            Machine machine) {
        for (int i = 0; i < 5_000 / period; i++) {
            stay(1, POLL, period * i, period * i + stays);
        }

        // A busy machine misses some short visits.
        assertThat(accuracy(POLL, machine, 1)).isCloseTo(1, within(machine == Machine.BUSY ? 0.15 : 0.05));
    }

    @ParameterizedTest
    @EnumSource(value = Machine.class, names = "BUSY", mode = EnumSource.Mode.EXCLUDE)
    void short_visits_between_idle_times_are_counted_in_full(Machine machine) {
        for (int i = 0; i < 1_000; i++) {
            stay(1, POLL, 11.3 * i, 11.3 * i + 4);
        }

        assertThat(accuracy(POLL, machine, 1)).isCloseTo(1, within(0.2));
    }
}
