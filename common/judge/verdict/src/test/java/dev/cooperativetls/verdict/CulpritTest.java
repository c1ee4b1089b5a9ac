package dev.cooperativetls.verdict;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;

import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.verdict.BlockingProgram.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Observes real programs that block their carriers in each way. The judge must name the place. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CulpritTest {

    private static final String NATIVE_POLL = BlockingProgram.Native.class.getName() + ".poll";
    private static final String PROGRAM = BlockingProgram.class.getName();
    /** The method that calls the native function, which pins the thread and calls the method that parks. */
    private static final String PINS = BlockingProgram.Native.class.getName() + ".parkUnderNativeFrame";
    private static final String SPIN = PROGRAM + ".spin";

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

        assertComputes(seen, SPIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_pinned_park_is_named(int carriers) throws Exception {
        Observation seen = observe(Way.PINNED, carriers);

        assertThat(seen).isSlow().isBlockedBy(PINS);
        assertShare(seen, CarrierBlock.Kind.PINNED, seen.overlap() / carriers);
    }

    @Test
    void of_two_blocks_the_larger_is_the_culprit_and_the_other_is_listed() throws Exception {
        Observation seen = observe(Way.MIXED, 1);

        assertThat(seen).isSlow();
        assertFirstSeen(seen, NATIVE_POLL);
        Assertions.assertThat(seen.carrierBlocks()).as(seen.describe()).anySatisfy(block -> {
            Assertions.assertThat(block.frame()).isEqualTo(SPIN);
            Assertions.assertThat(block.kind()).isEqualTo(CarrierBlock.Kind.COMPUTING);
            Assertions.assertThat(block.share()).isLessThan(0.45);
        });
    }

    @Test
    @Tag("long")
    void pins_that_are_short_add_up() throws Exception {
        Observation seen = observe(Way.IN_SHORT_PINS, 1);

        assertThat(seen).isSlow().isBlockedBy(PINS);
        assertCulprit(seen, CarrierBlock.Kind.PINNED, 0.5);
        assertDetail(seen, "parked in " + PROGRAM + ".block");
    }

    @Test
    @Tag("long")
    void many_class_initialisers_are_one_culprit() throws Exception {
        Observation seen = observe(Way.IN_MANY_INITIALISERS, 1);

        assertThat(seen).isSlow().isBlockedBy("class initialisers");
        assertCulprit(seen, CarrierBlock.Kind.PINNED, 0.5);
        assertDetail(seen, "8 of them, the longest " + Initialisers.class.getName());
    }

    @Test
    @Tag("long")
    void of_many_threads_that_need_a_class_the_one_that_initialises_it_is_the_culprit() throws Exception {
        Observation seen = program(Way.IN_ONE_INITIALISER, 8, Duration.ofSeconds(1), 4).observe();

        assertThat(seen).isSlow().isBlockedBy(Initialisers.class.getName() + "$A.<clinit>");
        assertCulprit(seen, CarrierBlock.Kind.PINNED, 0.5);
        assertDetail(seen, "others wait for the class, in " + Initialisers.class.getName() + ".initialise");
    }

    @Test
    @Tag("long")
    void a_spin_over_a_read_computes() throws Exception {
        Observation seen = observe(Way.SPINNING_OVER_A_READ, 1);

        assertThat(seen).isSlow().isBlockedBy(PROGRAM + ".spinOverRead");
        assertCulprit(seen, CarrierBlock.Kind.COMPUTING, 0.4);
        assertDetail(seen, "spinning over a read or write that does not block");
    }

    @Test
    @Tag("long")
    void a_computation_in_native_code_is_not_a_wait() throws Exception {
        Observation seen = observe(Way.COMPUTING_IN_NATIVE_CODE, 1);

        assertThat(seen).isSlow();
        assertComputesInNativeCode(seen, BlockingProgram.Native.class.getName() + ".fill");
    }

    /** See {@link #assertFirstSeen}. There may also be too little CPU time to tell, and then the detail says so. */
    static void assertComputesInNativeCode(Observation seen, String method) {
        assertFirstSeen(seen, method).extracting(block -> "%s, %s".formatted(block.kind(), block.detail()))
                .isIn("COMPUTING, in native code", "NATIVE, or computing: threads had to wait for a CPU");
        Assertions.assertThat(seen.culprit().orElseThrow()).as(seen.describe())
                .extracting(CarrierBlock::frame).isIn(method, "unseen");
    }

    @Test
    @Tag("long")
    void a_wait_below_a_deep_stack_of_the_jdks_is_named_by_the_users_frame() throws Exception {
        Observation seen = observe(Way.BELOW_A_DEEP_STACK, 1);

        assertThat(seen).isSlow().isBlockedBy(PROGRAM + ".readDeeply");
        assertCulprit(seen, CarrierBlock.Kind.NATIVE, 0.4);
    }

    @Test
    @Tag("long")
    void a_pin_below_a_deep_stack_of_the_jdks_is_named_by_the_initialiser() throws Exception {
        Observation seen = program(Way.PINNED_BELOW_A_DEEP_STACK, 2, Duration.ofSeconds(1), 1).observe();

        assertThat(seen).isSlow().isBlockedBy(PROGRAM + "$Deep.<clinit>");
        assertCulprit(seen, CarrierBlock.Kind.PINNED, 0.5);
        assertDetail(seen, "parked in " + PROGRAM + ".readDeeply");
    }

    @Test
    @Tag("long")
    void the_detail_reports_that_a_stack_is_cut_off() throws Exception {
        Observation seen = program(Way.BELOW_A_DEEP_STACK, 4, Duration.ofMillis(250), 1)
                .jvmOptions("-XX:FlightRecorderOptions:stackdepth=64").observe();

        assertThat(seen).isSlow().isBlockedBy("java.io.FileInputStream.readBytes");
        assertDetail(seen, "the stack was cut off above it");
    }

    @Test
    @Tag("long")
    void a_resolver_that_waits_in_native_code_is_named(@TempDir Path services) throws Exception {
        Path names = Files.createDirectories(services.resolve("META-INF/services"));
        Files.writeString(names.resolve("java.net.spi.InetAddressResolverProvider"),
                BlockingProgram.Resolver.class.getName());

        Observation seen = program(Programs.observer(BlockingProgram.class, services), Way.IN_A_RESOLVER, 8,
                Duration.ofMillis(250), 1).observe();

        assertThat(seen).isSlow().isBlockedBy(NATIVE_POLL);
        assertCulprit(seen, CarrierBlock.Kind.NATIVE, 0.4);
        Assertions.assertThat(seen.culprit().orElseThrow().stack()).anyMatch(frame -> frame.endsWith(".lookupByName"));
    }

    @Test
    @Tag("long")
    void a_wait_in_native_code_through_a_proxy_is_named_by_the_proxys_caller() throws Exception {
        Observation seen = observe(Way.THROUGH_A_BINDING, 1);

        assertThat(seen).isSlow().isBlockedBy(PROGRAM + ".waitThroughABinding");
        assertCulprit(seen, CarrierBlock.Kind.NATIVE, 0.4);
    }

    @Test
    @Tag("long")
    void a_library_with_a_name_like_the_jdks_is_not_the_jdks() throws Exception {
        Observation seen = observe(Way.IN_A_LIBRARY_LIKE_THE_JDK, 1);

        assertComputes(seen, "com.sun.mail.Decoder.decode");
    }

    @Test
    @Tag("long")
    void a_class_of_the_jdk_with_another_name_is_the_jdks() throws Exception {
        Observation seen = observe(Way.IN_THE_JDK, 1);

        assertComputes(seen, PROGRAM + ".search");
    }

    @Test
    @Tag("long")
    void a_wait_inside_the_jvm_that_lasts_for_several_dumps_is_seen() throws Exception {
        Observation seen = program(Way.IN_THE_JVM, 2, Duration.ofSeconds(3), 1).observe();

        assertThat(seen).isSlow().isBlockedBy(PROGRAM + ".collectGarbage");
        assertCulprit(seen, CarrierBlock.Kind.PINNED, 0.3);
        assertDetail(seen, "waiting inside the JVM");
    }

    @Test
    @Tag("long")
    void a_block_for_which_the_jdk_compensates_is_listed_but_is_no_culprit() throws Exception {
        Observation seen = program(Way.COMPENSATED, 4, Duration.ofSeconds(1), 1).observe();

        Assertions.assertThat(seen.carrierBlocks()).as(seen.describe()).anySatisfy(block -> {
            Assertions.assertThat(block.frame()).isEqualTo(PROGRAM + ".readDeeply");
            Assertions.assertThat(block.compensated()).isTrue();
            Assertions.assertThat(block.worthNaming()).isFalse();
            Assertions.assertThat(block.detail()).contains("a spare carrier ran the others");
        });
    }

    @Test
    @Tag("long")
    void a_pin_that_began_before_the_start_counts_from_the_start() throws Exception {
        Observation seen = program(Way.PINNED_SINCE_BEFORE_THE_START, 2, Duration.ofSeconds(1), 1).observe();

        Assertions.assertThat(seen.carrierBlocks().getFirst()).as(seen.describe()).satisfies(block -> {
            Assertions.assertThat(block.frame()).isEqualTo(PINS);
            Assertions.assertThat(block.share()).isBetween(0.5, 1.0);
        });
    }

    @ParameterizedTest
    @CsvSource({"PINNED_FOREVER, $Native.parkUnderNativeFrame", "INITIALISING_FOREVER, $Endless.<clinit>",
        "LOADING_FOREVER, .load"})
    @Tag("long")
    void a_pin_that_never_ends_is_named(Way way, String culprit) throws Exception {
        Observation seen = program(way, 2, Duration.ZERO, 1).within(Duration.ofSeconds(4)).observe();

        assertThat(seen).isHung().isBlockedBy(PROGRAM + culprit);
        assertCulprit(seen, CarrierBlock.Kind.PINNED, 0.5);
    }

    @Test
    void waits_that_overlap_are_fast_and_have_no_culprit() throws Exception {
        Observation seen = observe(Way.COOPERATIVE, 1);

        assertThat(seen).isFast().isBlockedByNobody();
        assertNothingBlockedWhileWaiting(seen);
    }

    @Test
    void waits_that_queue_for_a_lock_are_slow_and_have_no_culprit() throws Exception {
        Observation seen = observe(Way.ONE_AFTER_ANOTHER, 1);

        assertThat(seen).isSlow().isBlockedByNobody();
        assertNothingBlockedWhileWaiting(seen);
    }

    /** The queue does not need the blocked carrier, because the other carrier is free. */
    @Test
    @Tag("long")
    void a_thread_that_blocks_one_of_two_carriers_is_not_to_blame_for_a_queue() throws Exception {
        Observation seen = observe(Way.ONE_AFTER_ANOTHER_BESIDE_A_WATCHER, 2);

        assertThat(seen).isSlow().isBlockedByNobody();
        Assertions.assertThat(seen.carrierBlocks().getFirst().frame()).as(seen.describe()).isEqualTo(NATIVE_POLL);
    }

    @Test
    @Tag("long")
    void a_computation_before_all_threads_waited_for_a_lock_forever_is_not_to_blame() throws Exception {
        Observation seen = program(Way.LOCKED_FOREVER, 4, Duration.ofMillis(400), 1)
                .within(Duration.ofSeconds(6)).observe();

        assertThat(seen).isHung().isBlockedByNobody();
    }

    @Test
    void a_run_that_never_ends_is_hung_and_has_a_culprit() throws Exception {
        Observation seen = program(Way.IN_NATIVE_CODE, 2, Duration.ofDays(1), 1)
                .within(Duration.ofSeconds(12)).withGrace(Duration.ZERO).observe();

        assertThat(seen).isHung().isBlockedBy(NATIVE_POLL);
        Assertions.assertThat(seen.invalid()).isEqualTo(2);
    }

    private static Observation observe(Way way, int carriers) throws IOException, InterruptedException {
        return program(way, 8, Duration.ofMillis(250), carriers).observe();
    }

    private static Observer program(Way way, int pages, Duration wait, int carriers) {
        return program(Programs.observer(BlockingProgram.class), way, pages, wait, carriers);
    }

    private static Observer program(Observer program, Way way, int pages, Duration wait, int carriers) {
        return program.arguments(way.name(), Integer.toString(pages),
                Long.toString(wait.toMillis()), Integer.toString(carriers));
    }

    /** On a busy machine the share is too low, but no other place has one as large. */
    private static void assertCulprit(Observation seen, CarrierBlock.Kind kind, double least) {
        CarrierBlock culprit = seen.culprit().orElseThrow();
        Assertions.assertThat(culprit.kind()).as(seen.describe()).isEqualTo(kind);
        Assertions.assertThat(culprit.share()).as(seen.describe()).isBetween(least, 1.0);
    }

    /** See {@link #assertFirstSeen}. */
    private static void assertComputes(Observation seen, String method) {
        assertThat(seen).isSlow();
        assertFirstSeen(seen, method).extracting(CarrierBlock::kind).isEqualTo(CarrierBlock.Kind.COMPUTING);
        Assertions.assertThat(seen.culprit().orElseThrow()).as(seen.describe())
                .extracting(CarrierBlock::frame).isIn(method, "unseen");
    }

    /**
     * Asserts that this method has the largest share of all methods. On a busy machine Java code that computes may be
     * sampled so rarely that most of its time is {@code unseen}, and then that is the first block.
     */
    private static ObjectAssert<CarrierBlock> assertFirstSeen(Observation seen, String method) {
        ObjectAssert<CarrierBlock> first = Assertions.assertThat(seen.carrierBlocks()).as(seen.describe())
                .filteredOn(block -> block.kind() != CarrierBlock.Kind.UNSEEN).first();
        first.extracting(CarrierBlock::frame).isEqualTo(method);
        return first;
    }

    private static void assertDetail(Observation seen, String text) {
        Assertions.assertThat(seen.culprit().orElseThrow().detail()).as(seen.describe()).contains(text);
    }

    /** Compares the share with the program's own measurement. On an overloaded machine it may be too low. */
    private static void assertShare(Observation seen, CarrierBlock.Kind kind, double truth) {
        CarrierBlock culprit = seen.culprit().orElseThrow();
        Assertions.assertThat(culprit.kind()).isEqualTo(kind);
        Assertions.assertThat(culprit.share()).as(seen.describe()).isBetween(0.4 * truth, truth + 0.15);
    }

    private static void assertNothingBlockedWhileWaiting(Observation seen) {
        Assertions.assertThat(seen.carrierBlocks()).as(seen.describe())
                .filteredOn(block -> block.kind() != CarrierBlock.Kind.COMPUTING)
                .allMatch(block -> block.share() < 0.1);
    }
}
