package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.Sighting.How;
import dev.cooperativetls.recorder.Visits.Charge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A made-up run of ten seconds on one carrier. */
class PlaceTimesTest {

    private static final Interval RUN = new Interval(Instant.EPOCH, Instant.EPOCH.plusSeconds(10));
    private static final Frame READ = Frame.of("sun.nio.ch.SocketDispatcher", "read0", true, true);
    private static final Frame LOOKUP = Frame.of("java.net.InetAddress$PlatformResolver", "lookupByName", true, false);
    private static final Frame LOOP = Frame.of("sun.nio.ch.Poller", "subPollerLoop", true, false);
    private static final Frame PAGE = Frame.of("a.Page", "load", false, false);

    private static final Duration TENTH = Duration.ofMillis(100);

    private final List<Charge> charges = new ArrayList<>();
    private final CarrierActivity activity = new CarrierActivity(RUN);
    private int visits;
    private boolean machineIsFull;
    private boolean spareCarriers;
    private Duration busy = Duration.ZERO;

    /** Adds a thread that is at this place from one time to another, in tenths of a second. */
    private void at(String place, How how, int from, int to, String note, Frame... stack) {
        visits++;
        for (int i = from; i < to; i++) {
            charges.add(new Charge(new Sighting(RUN.from().plusMillis(100 * i), 1, true, how, place, Duration.ZERO,
                    new Stack(List.of(stack), false), "others wait for the class, in a.Page.load".equals(note), note),
                    TENTH, TENTH, visits));
        }
    }

    private void cpu(double load) {
        for (int i = 1; i <= 100; i++) {
            activity.used(1, RUN.from().plusMillis(100 * i), load);
        }
    }

    private List<CarrierBlock> blocks() {
        return new PlaceTimes(charges, activity, machineIsFull, spareCarriers).blocks(RUN.length(), busy, _ -> true);
    }

    private static void assertBlock(CarrierBlock block, String frame, Kind kind, double share, String detail) {
        assertThat(block.frame()).isEqualTo(frame);
        assertThat(block.kind()).isEqualTo(kind);
        assertThat(block.share()).isCloseTo(share, within(1e-6));
        assertThat(block.detail()).isEqualTo(detail);
    }

    @Test
    void samples_of_one_place_are_one_block_whatever_their_kind() {
        at("a.Spin.spin", How.NATIVE, 0, 59, null, READ, PAGE);
        at("a.Spin.spin", How.JAVA, 59, 98, null, PAGE);
        cpu(1);

        assertThat(blocks()).hasSize(1);
        assertBlock(blocks().getFirst(), "a.Spin.spin", Kind.COMPUTING, 0.98,
                "spinning over a read or write that does not block, or copying much data");
    }

    @ParameterizedTest(name = "{0} CPUs used in native code, full machine: {1}")
    @CsvSource({"0.001, false, NATIVE", "0.001, true, NATIVE", "0.98, false, COMPUTING", "0.25, false, NATIVE",
        "0.25, true, COMPUTING"})
    void native_code_computes_if_it_uses_the_cpu(double load, boolean full, Kind kind) {
        at("a.Database.step", How.NATIVE, 0, 97, null, PAGE);
        cpu(load);
        machineIsFull = full;

        assertBlock(blocks().getFirst(), "a.Database.step", kind, 0.97,
                kind == Kind.COMPUTING ? "in native code" : null);
    }

    /** On a busy machine a thread may stay there for long, because it waits for a CPU. */
    @Test
    void a_read_or_write_of_a_jdk_socket_does_not_wait() {
        at("a.Page.load", How.NATIVE, 0, 90, null, READ, PAGE);
        cpu(0.01);

        assertThat(blocks().getFirst().kind()).isEqualTo(Kind.COMPUTING);
        assertThat(holds().getFirst().kind()).isEqualTo(Kind.COMPUTING);
    }

    /** Every two seconds there is a spin of 0.5 s, then a wait, and their CPU time is measured at the end of both. */
    @Test
    void a_computation_in_java_does_not_make_a_native_wait_a_computation_on_a_full_machine_either() {
        for (int second = 0; second < 10; second += 2) {
            at("a.Spin.spin", How.JAVA, 10 * second, 10 * second + 5, null, PAGE);
            at("a.Poll.poll", How.NATIVE, 10 * second + 5, 10 * second + 10, null, PAGE);
            activity.measured(RUN.from().plusSeconds(second));
            activity.used(1, RUN.from().plusSeconds(second + 1), 0.5);
        }
        machineIsFull = true;

        assertThat(blocks()).extracting(CarrierBlock::frame, CarrierBlock::kind, CarrierBlock::detail)
                .contains(tuple("a.Poll.poll", Kind.NATIVE, null));
    }

    /** The samples of Java code contain the time in which it waited for a CPU, and native code waited as well. */
    @Test
    void native_code_computes_even_if_java_code_waited_for_a_cpu_before() {
        at("a.Handshake.sign", How.JAVA, 0, 30, null, PAGE);
        at("a.Database.step", How.NATIVE, 30, 100, null, PAGE);
        cpu(0.12);
        machineIsFull = true;

        assertBlock(blocks().getFirst(), "a.Database.step", Kind.COMPUTING, 0.7, "in native code");
    }

    @Test
    void native_code_that_hardly_used_a_cpu_on_a_full_machine_waits_or_computes() {
        at("a.Database.step", How.NATIVE, 0, 97, null, PAGE);
        cpu(0.05);
        machineIsFull = true;

        assertBlock(blocks().getFirst(), "a.Database.step", Kind.NATIVE, 0.97, CarrierBlock.OR_COMPUTING);
    }

    @Test
    void a_computation_in_java_does_not_make_a_native_wait_a_computation() {
        at("a.Handshake.sign", How.JAVA, 0, 40, null, PAGE);
        at("a.Poll.poll", How.NATIVE, 40, 100, null, PAGE);
        for (int i = 1; i <= 40; i++) {
            activity.used(1, RUN.from().plusMillis(100 * i), 1);
        }

        assertBlock(blocks().getFirst(), "a.Poll.poll", Kind.NATIVE, 0.6, null);
        assertBlock(blocks().getLast(), "a.Handshake.sign", Kind.COMPUTING, 0.4, null);
    }

    private List<CarrierHold> holds() {
        return new PlaceTimes(charges, activity, machineIsFull, spareCarriers).holds();
    }

    @Test
    void each_visit_of_some_length_is_a_hold_the_longest_first() {
        at("a.Poll.poll", How.NATIVE, 0, 2, null, PAGE); // two samples may be chance
        at("a.Poll.poll", How.NATIVE, 10, 15, null, PAGE);
        at("a.Poll.poll", How.NATIVE, 20, 40, null, PAGE);

        assertThat(holds()).extracting(CarrierHold::frame, CarrierHold::kind, CarrierHold::atLeast, CarrierHold::from)
                .containsExactly(
                        tuple("a.Poll.poll", Kind.NATIVE, Duration.ofSeconds(2), RUN.from().plusSeconds(2)),
                        tuple("a.Poll.poll", Kind.NATIVE, Duration.ofMillis(500), RUN.from().plusSeconds(1)));
    }

    @Test
    void a_class_initialiser_that_waits_is_distinguished_from_one_that_only_runs() {
        Frame sleep = Frame.of("java.lang.Thread", "sleep", true, false);
        at("a.Quick.<clinit>", How.PINNED, 0, 3, "others wait for the class, in a.Page.load", PAGE);
        at("a.Slow.<clinit>", How.PINNED, 10, 15, null, sleep, Frame.of("a.Slow", "<clinit>", false, false));
        at("a.Slow.<clinit>", How.PINNED, 10, 16, "others wait for the class, in a.Page.load", PAGE);

        assertThat(holds()).extracting(CarrierHold::frame, CarrierHold::inTheJvm, CarrierHold::atLeast)
                .containsExactly(tuple("a.Slow.<clinit>", false, Duration.ofMillis(500)),
                        tuple("a.Quick.<clinit>", true, Duration.ofMillis(300)));
    }

    /** No frame pins the first thread: the JVM links a class. The wait inside the JVM is no fault of the method. */
    @Test
    void threads_that_wait_for_work_of_the_jvm_are_marked() {
        Frame send = Frame.of("a.Client", "send", false, false);
        at("a.Client.send", How.PINNED, 0, 5, null, send);
        at("a.Native.sort", How.PINNED, 10, 14, null, Frame.of("a.Native", "sort", false, true));
        at("a.Page.collect", How.UNSAMPLED, 20, 23, "waiting inside the JVM", PAGE);

        assertThat(holds()).extracting(CarrierHold::frame, CarrierHold::inTheJvm).containsExactly(
                tuple("a.Client.send", true), tuple("a.Native.sort", false), tuple("a.Page.collect", true));
    }

    @Test
    void a_computation_is_one_hold_through_all_its_methods_and_has_the_name_of_the_one_with_the_most_time() {
        at("a.Hash.of", How.JAVA, 0, 6, null, PAGE);
        visits--; // the same visit
        at("a.Hash.round", How.JAVA, 6, 10, null, PAGE);

        assertThat(holds()).extracting(CarrierHold::frame, CarrierHold::kind, CarrierHold::atLeast)
                .containsExactly(tuple("a.Hash.of", Kind.COMPUTING, Duration.ofSeconds(1)));
    }

    @Test
    void class_initialisers_are_one_cause() {
        for (int i = 0; i < 10; i++) {
            at("a.Class" + i + ".<clinit>", How.PINNED, 10 * i, 10 * i + (i == 3 ? 10 : 9), null, PAGE);
        }

        assertThat(blocks()).hasSize(1);
        assertBlock(blocks().getFirst(), "class initialisers", Kind.PINNED, 0.91,
                "10 of them, the longest a.Class3.<clinit>");
    }

    @Test
    void a_class_initialiser_that_takes_the_most_time_is_named() {
        at("a.Slow.<clinit>", How.PINNED, 0, 80, null, PAGE);
        at("a.Quick.<clinit>", How.PINNED, 80, 81, null, PAGE);

        assertBlock(blocks().getFirst(), "a.Slow.<clinit>", Kind.PINNED, 0.81, "and 1 other class initialisers");
    }

    @Test
    void the_detail_of_a_pin_names_the_method_that_parked() {
        at("a.Native.sort", How.PINNED, 0, 90, "parked in a.Callback.ask", PAGE);

        assertBlock(blocks().getFirst(), "a.Native.sort", Kind.PINNED, 0.9, "parked in a.Callback.ask");
    }

    @ParameterizedTest(name = "spare carriers: {0}")
    @CsvSource({"true, true", "false, false"})
    void a_block_is_compensated_if_there_were_spare_carriers(boolean spare, boolean compensated) {
        at("a.Page.load", How.NATIVE, 0, 90, null, LOOKUP, PAGE);
        spareCarriers = spare;

        assertThat(blocks().getFirst().compensated()).isEqualTo(compensated);
        assertThat(blocks().getFirst().worthNaming()).isEqualTo(!compensated);
    }

    @Test
    void the_jdks_pollers_are_not_reported() {
        at("sun.nio.ch.EPoll.ctl", How.NATIVE, 0, 33, null, LOOP);
        busy = Duration.ofMillis(3_300);

        assertThat(blocks()).isEmpty();
    }

    @Test
    void time_of_busy_carriers_that_no_event_explains_is_unseen() {
        at("a.Poll.poll", How.NATIVE, 0, 20, null, PAGE);
        busy = Duration.ofSeconds(9);

        assertBlock(blocks().getFirst(), "unseen", Kind.UNSEEN, 0.7, null);
        assertBlock(blocks().getLast(), "a.Poll.poll", Kind.NATIVE, 0.2, null);
    }

    @Test
    void a_little_unexplained_time_is_an_error_of_the_estimate() {
        at("a.Poll.poll", How.NATIVE, 0, 85, null, PAGE);
        busy = Duration.ofSeconds(9);

        assertThat(blocks()).extracting(CarrierBlock::frame).containsExactly("a.Poll.poll");
    }

    @Test
    void a_wait_inside_the_jvm_pins_unless_it_computes() {
        at("a.Page.collect", How.UNSAMPLED, 0, 50, "waiting inside the JVM", PAGE);
        assertBlock(blocks().getFirst(), "a.Page.collect", Kind.PINNED, 0.5, "waiting inside the JVM");

        cpu(1);
        assertBlock(blocks().getFirst(), "a.Page.collect", Kind.COMPUTING, 0.5, "in native code");
    }

    @Test
    void the_text_of_a_block_has_frame_kind_share_and_detail() {
        assertThat(new CarrierBlock("a.Native.sort", Kind.PINNED, 0.954, 0.954, 1, 9, false, "parked in a.B.c",
                List.of()))
                .hasToString("a.Native.sort (pinned, 95 %; parked in a.B.c)");
        assertThat(new CarrierBlock("unseen", Kind.UNSEEN, 0.4, List.of())).hasToString("unseen (40 %)");
    }

    @Test
    void a_block_costs_nothing_while_a_carrier_is_free() {
        activity.parked(2, new Interval(RUN.from(), RUN.from().plusSeconds(6)));
        at("a.Poll.poll", How.NATIVE, 0, 100, null, PAGE);

        CarrierBlock block = blocks().getFirst();
        assertThat(block.share()).isCloseTo(1, within(1e-6));
        assertThat(block.costlyShare()).isCloseTo(0.4, within(1e-6));
    }

    @Test
    void a_block_has_its_longest_stay_and_its_samples() {
        at("a.Poll.poll", How.NATIVE, 0, 10, null, PAGE);
        at("a.Poll.poll", How.NATIVE, 20, 50, null, PAGE);

        CarrierBlock block = blocks().getFirst();
        assertThat(block.longestSeconds()).isCloseTo(3, within(1e-6));
        assertThat(block.samples()).isEqualTo(40);
    }
}
