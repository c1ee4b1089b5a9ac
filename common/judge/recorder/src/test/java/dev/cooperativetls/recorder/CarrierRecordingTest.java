package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cooperativetls.recorder.CarrierRecording.Place;
import dev.cooperativetls.recorder.CarrierRecording.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimate against made-up runs of which the truth is known, sampled as the JDK samples. */
class CarrierRecordingTest {

    private static final Place POLL = new Place(CarrierBlock.Kind.NATIVE, "a.Poll.poll");
    private static final Place WRITE = new Place(CarrierBlock.Kind.NATIVE, "a.Socket.write");
    private static final Place SPIN = new Place(CarrierBlock.Kind.COMPUTING, "a.Spin.spin");
    private static final Place PARK = new Place(CarrierBlock.Kind.PINNED, "a.Pinned.park");

    /** How a machine ticks. */
    private enum Machine {
        QUIET, JITTERY, BUSY;

        /** The time to the next tick, in milliseconds. A busy machine is late with one tick in twenty. */
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

    /** Platform threads that sit in native code from beginning to end, as pollers of sockets do. */
    private void platformThreadsInNativeCode(int count, double until) {
        for (int i = 0; i < count; i++) {
            stays.add(new Stay(1_000_000 + i, false, POLL, 0, until));
        }
    }

    private static Instant at(double milliseconds) {
        return Instant.EPOCH.plusNanos((long) (milliseconds * 1e6));
    }

    /** At each tick all running threads, and one of those in native code, in turn. */
    private List<Sighting> sampled(Machine machine) {
        Random random = new Random(25);
        double end = stays.stream().mapToDouble(Stay::to).max().orElseThrow();
        List<Sighting> sightings = new ArrayList<>();
        long last = 0;
        for (double time = machine.next(random); time < end; time += machine.next(random)) {
            double now = time;
            long lastOne = last;
            List<Stay> current = stays.stream().filter(stay -> stay.from <= now && now < stay.to).toList();
            current.stream().filter(stay -> stay.place.kind() == CarrierBlock.Kind.COMPUTING)
                    .forEach(stay -> sightings.add(sighting(stay, now)));
            List<Stay> inNative = current.stream().filter(stay -> stay.place.kind() == CarrierBlock.Kind.NATIVE)
                    .sorted((one, other) -> Long.compare(one.thread, other.thread)).toList();
            if (!inNative.isEmpty()) {
                Stay next = inNative.stream().filter(stay -> stay.thread > lastOne).findFirst()
                        .orElse(inNative.getFirst());
                sightings.add(sighting(next, now));
                last = next.thread;
            }
        }
        stays.stream().filter(stay -> stay.place.kind() == CarrierBlock.Kind.PINNED).forEach(stay -> sightings.add(
                new Sighting(at(stay.from), stay.thread, true, stay.place,
                        Duration.between(at(stay.from), at(stay.to)))));
        return sightings;
    }

    private static Sighting sighting(Stay stay, double now) {
        return new Sighting(at(now), stay.thread, stay.virtual, stay.place, Duration.ZERO);
    }

    /** The estimate, over the truth. */
    private double accuracy(Place place, Machine machine, int carriers) {
        double blocked = CarrierRecording.blockedTimes(sampled(machine), carriers).getOrDefault(place, Duration.ZERO)
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

        // The more threads take turns, the longer each wait goes unseen at its ends.
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

        // A late tick hides whole waits here: what stays unseen is not made up.
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

        Duration blocked = CarrierRecording.blockedTimes(sampled(Machine.JITTERY), carriers)
                .getOrDefault(WRITE, Duration.ZERO);

        assertThat(blocked).isLessThan(Duration.ofMillis(1_000 * carriers));
    }

    @Test
    void a_thread_passed_over_by_the_turn_was_away() {
        List<Sighting> sightings = new ArrayList<>();
        for (int time = 0; time <= 90; time += 10) {
            boolean ours = time == 0 || time == 90;
            sightings.add(new Sighting(at(time), ours ? 1 : 2, ours, POLL, Duration.ZERO));
        }

        assertThat(CarrierRecording.blockedTimes(sightings, 1).get(POLL)).isLessThanOrEqualTo(Duration.ofMillis(40));
    }

    @Test
    void a_single_sample_stands_for_one_tick() {
        stay(1, POLL, 95, 105);

        assertThat(CarrierRecording.blockedTimes(sampled(Machine.QUIET), 1))
                .isEqualTo(Map.of(POLL, Duration.ofMillis(10)));
    }

    @Test
    void threads_of_the_platform_block_no_carrier() {
        platformThreadsInNativeCode(3, 1_000);

        assertThat(CarrierRecording.blockedTimes(sampled(Machine.QUIET), 1)).isEmpty();
    }

    @Test
    void nothing_seen_is_nobody() {
        assertThat(CarrierRecording.blockedTimes(List.of(), 1)).isEmpty();
    }

    @Test
    void the_first_frame_of_the_users_is_named() {
        assertThat(CarrierRecording.firstOfTheUsers(List.of("java.lang.invoke.LambdaForm$MH.invoke",
                "jdk.internal.foreign.abi.DowncallLinker.call", "javassist.Loader.load", "java.lang.Thread.run")))
                .isEqualTo("javassist.Loader.load");
    }

    @Test
    void a_stack_of_the_jdks_own_is_named_by_its_innermost_frame() {
        assertThat(CarrierRecording.firstOfTheUsers(List.of("sun.nio.ch.EPoll.wait", "java.lang.Thread.run")))
                .isEqualTo("sun.nio.ch.EPoll.wait");
        assertThat(CarrierRecording.firstOfTheUsers(List.of())).isEqualTo("unknown");
    }
}
