package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Runs test classes like those of a user, and checks their outcomes. These tests are long tests, which run one module
 * after another: while other modules run, a test may rightly have no verdict.
 */
@Tag("long")
class CarrierExtensionTest {

    private static final Duration HALF = Duration.ofMillis(500);

    @TempDir
    private Path reports;

    /** The folder for files that tests attach, which otherwise a launcher provides. */
    private record Reports(Path getRootDirectory) implements OutputDirectoryCreator {
        @Override
        public Path createOutputDirectory(TestDescriptor test) throws IOException {
            return Files.createTempDirectory(getRootDirectory, "test-");
        }
    }

    private EngineTestKit.Builder engine(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests))
                .outputDirectoryCreator(new Reports(reports));
    }

    private Events run(Class<?> tests, String... settings) {
        EngineTestKit.Builder engine = engine(tests);
        for (int i = 0; i < settings.length; i += 2) {
            engine.configurationParameter(settings[i], settings[i + 1]);
        }
        return run(engine);
    }

    private static Events run(EngineTestKit.Builder engine) {
        Events events = engine.execute().testEvents();
        for (int again = 0; again < 2 && isMachineTooBusy(messages(events)); again++) {
            events = engine.execute().testEvents();
        }
        return events;
    }

    /** Returns whether a test had no verdict because other programs used the CPUs. Then the tests can be run again. */
    static boolean isMachineTooBusy(Stream<String> messages) {
        return messages.anyMatch(message -> message.contains("the flight recording hardly shows with what")
                || message.contains("its carrier may have waited for a CPU"));
    }

    private static Stream<String> messages(Events events) {
        return events.finished().stream().map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .flatMap(result -> result.getThrowable().stream()).map(Throwable::toString);
    }

    /** Returns the outcome of each test by the name of its method. */
    private static Map<String, String> outcomes(Events events) {
        return events.finished().stream().collect(Collectors.toMap(
                event -> event.getTestDescriptor().getDisplayName().replaceFirst("\\(.*\\)", ""),
                event -> event.getRequiredPayload(TestExecutionResult.class).getStatus().name(),
                (one, other) -> one.equals(other) ? one : "MIXED", TreeMap::new));
    }

    private static Throwable failure(Events events) {
        return events.finished().stream().map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .flatMap(result -> result.getThrowable().stream()).findFirst().orElseThrow();
    }

    private static List<String> reports(Events events) {
        return events.reportingEntryPublished().stream()
                .map(event -> event.getRequiredPayload(ReportEntry.class))
                .map(entry -> entry.getKeyValuePairs().get("carriers")).toList();
    }

    static class EachKind {

        @Test
        @ShouldNotHoldCarrier
        void native_wait() throws Exception {
            Blocking.onVirtualThreads(4, () -> Blocking.poll(HALF));
        }

        @Test
        @ShouldNotHoldCarrier
        void pinned() throws Exception {
            Blocking.onVirtualThreads(4, () -> Blocking.parkUnderQsort(HALF));
        }

        @Test
        @ShouldNotHoldCarrier(kinds = Kind.COMPUTING)
        void spin() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.spin(HALF));
        }

        @Test
        @ShouldNotHoldCarrier
        void spin_is_no_default_kind() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.spin(HALF));
        }

        @Test
        @ShouldNotHoldCarrier
        void sleep() throws Exception {
            Blocking.onVirtualThreads(10, () -> Blocking.sleep(HALF));
        }

        @Test
        @ShouldNotHoldCarrier
        void platform_thread() throws Exception {
            Thread.ofPlatform().start(() -> Blocking.poll(HALF)).join();
        }

        @Test
        @ShouldNotHoldCarrier(threshold = 1, unit = TimeUnit.SECONDS)
        void shorter_than_the_threshold() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(Duration.ofMillis(300)));
        }

        @Test
        @ShouldNotHoldCarrier(allow = "dev.cooperativetls.junit.Blocking::poll")
        void allowed() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(HALF));
        }

        @Test
        @ShouldNotHoldCarrier(within = "com.acme.*")
        void elsewhere() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(HALF));
        }

        @Test
        @ShouldHoldCarrier(by = "dev.cooperativetls.junit.Blocking::poll")
        void known() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(HALF));
        }

        @Test
        @ShouldHoldCarrier
        void fixed() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.sleep(HALF));
        }
    }

    @Test
    void each_kind_has_its_outcome() {
        assertThat(outcomes(run(EachKind.class))).isEqualTo(new TreeMap<>(Map.ofEntries(
                Map.entry("native_wait", "FAILED"), Map.entry("pinned", "FAILED"), Map.entry("spin", "FAILED"),
                Map.entry("spin_is_no_default_kind", "SUCCESSFUL"), Map.entry("sleep", "SUCCESSFUL"),
                Map.entry("platform_thread", "SUCCESSFUL"), Map.entry("shorter_than_the_threshold", "SUCCESSFUL"),
                Map.entry("allowed", "SUCCESSFUL"), Map.entry("elsewhere", "SUCCESSFUL"),
                Map.entry("known", "SUCCESSFUL"), Map.entry("fixed", "FAILED"))));
    }

    static class OneNativeWait {
        @Test
        @ShouldNotHoldCarrier
        void pages_wait_together() throws Exception {
            Blocking.onVirtualThreads(10, () -> Blocking.poll(Duration.ofMillis(200)));
        }
    }

    @Test
    void the_failure_names_the_method_and_has_its_stack_trace() {
        Throwable failure = failure(run(OneNativeWait.class));

        assertThat(failure).isInstanceOf(CarrierHeldError.class).hasMessageMatching("""
                OneNativeWait.pages_wait_together: a virtual thread held its carrier for at least \\d+ ms in native \
                code, in dev.cooperativetls.junit.Blocking.poll \\(threshold 20 ms\\)
                  Threads held their carriers there \\d+ times. At these times up to \\d virtual threads had to \
                wait for a carrier.
                  No jdk.VirtualThreadPinned event reports this: the thread never parked.
                  Held carriers, the longest first:
                      *\\d+ ms  native     dev.cooperativetls.junit.Blocking.poll, \\d+ times
                  Wait where a virtual thread can park, or use a platform thread. If this is intended, allow it:
                    @ShouldNotHoldCarrier\\(allow = "dev.cooperativetls.junit.Blocking::poll"\\)
                  Waits in native code under \\d+ ms can be missed: .*
                  Flight recording: .*carriers.jfr""");
        Path recording = Path.of(failure.getMessage().replaceFirst("(?s).*Flight recording: ", ""));
        assertThat(recording).isNotEmptyFile();
        assertThat(failure.getStackTrace()).anySatisfy(element -> {
            assertThat(element.getClassName()).isEqualTo(Blocking.class.getName());
            assertThat(element.getMethodName()).isEqualTo("poll");
            assertThat(element.getFileName()).isEqualTo("Blocking.java");
            assertThat(element.getLineNumber()).isPositive();
        });
    }

    @ShouldNotHoldCarrier
    static class OnTheClass {

        @Test
        void of_the_class() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(HALF));
        }

        @Test
        @ShouldHoldCarrier
        void method_wins() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(HALF));
        }

        @RepeatedTest(2)
        void repeated() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(HALF));
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 300})
        void parameterized(int millis) throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(Duration.ofMillis(millis)));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 300})
        void one_of_two(int millis) throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(Duration.ofMillis(millis)));
        }

        @Nested
        class Inside {
            @Test
            void nested() throws Exception {
                Blocking.onVirtualThreads(1, () -> Blocking.poll(HALF));
            }
        }
    }

    static class Subclass extends OnTheClass {}

    @ParameterizedTest
    @ValueSource(classes = {OnTheClass.class, Subclass.class})
    void an_annotation_on_a_class_is_for_all_its_tests_and_nested_classes_and_subclasses(Class<?> tests) {
        assertThat(outcomes(run(tests))).isEqualTo(Map.of("of_the_class", "FAILED", "method_wins", "SUCCESSFUL",
                "repetition 1 of 2", "FAILED", "repetition 2 of 2", "FAILED", "[1] 200", "FAILED",
                "[2] 300", "FAILED", "[1] 0", "SUCCESSFUL", "nested", "FAILED"));
    }

    static class WithAnotherFailure {

        @Test
        @ShouldNotHoldCarrier
        void fails_for_another_reason() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(HALF));
            throw new IllegalStateException("another reason");
        }
    }

    @Test
    void a_test_that_fails_for_another_reason_keeps_its_failure_and_the_hold_is_suppressed() {
        assertThat(failure(run(WithAnotherFailure.class))).hasMessage("another reason")
                .satisfies(failure -> assertThat(failure.getSuppressed()).singleElement()
                        .isInstanceOf(CarrierHeldError.class));
    }

    static class WithoutAnnotation {
        @Test
        void waits() throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(HALF));
        }
    }

    private static final String[] DETECTED = {"junit.jupiter.extensions.autodetection.enabled", "true"};

    @ParameterizedTest
    @CsvSource({", SUCCESSFUL", "off, SUCCESSFUL", "report, SUCCESSFUL", "fail, FAILED"})
    void a_setting_judges_all_tests(String mode, String outcome) {
        EngineTestKit.Builder engine = engine(WithoutAnnotation.class).configurationParameter(DETECTED[0], DETECTED[1]);
        if (mode != null) {
            engine.configurationParameter(Settings.PREFIX + "mode", mode);
        }

        Events events = engine.execute().testEvents();

        assertThat(outcomes(events)).isEqualTo(Map.of("waits", outcome));
        assertThat(reports(events)).hasSize("report".equals(mode) ? 1 : 0)
                .allSatisfy(report -> assertThat(report).contains("in native code, in " + Blocking.class.getName()));
    }

    @Test
    void the_mode_off_applies_to_tests_with_an_annotation_too() {
        assertThat(outcomes(run(OneNativeWait.class, Settings.PREFIX + "mode", "off")))
                .isEqualTo(Map.of("pages_wait_together", "SUCCESSFUL"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "threshold | 2 s",
        "allow | com.acme.Other, dev.cooperativetls.junit.Blocking",
        "within | com.acme.*"})
    void settings_apply_to_annotated_tests(String setting, String value) {
        assertThat(outcomes(run(OneNativeWait.class, Settings.PREFIX + setting, value)))
                .isEqualTo(Map.of("pages_wait_together", "SUCCESSFUL"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mode | loud | must be off or report or fail, not 'loud'",
        "blind | warn | must be abort or fail, not 'warn'",
        "threshold | fast | must be a time such as '50 ms' or '1 s', not 'fast'",
        "threshold | 0 ms | must be a time such as '50 ms' or '1 s', not '0 ms'",
        "allow | Jni.read() | must be like com.acme.Jni::read, com.acme.Jni or com.acme.*, not 'Jni.read()'"})
    void the_message_about_an_invalid_setting_names_valid_values(String setting, String value, String message) {
        assertThat(failure(run(OneNativeWait.class, Settings.PREFIX + setting, value)))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(Settings.PREFIX + setting + " " + message);
    }

    static class Contradiction {
        @Test
        @ShouldHoldCarrier
        @ShouldNotHoldCarrier
        void both() {}
    }

    static class NoKinds {
        @Test
        @ShouldNotHoldCarrier(kinds = {})
        void none() {}
    }

    static class NoThreshold {
        @Test
        @ShouldNotHoldCarrier(threshold = 0)
        void zero() {}
    }

    @ParameterizedTest
    @ValueSource(classes = {Contradiction.class, NoKinds.class, NoThreshold.class})
    void an_invalid_annotation_is_a_configuration_error(Class<?> tests) {
        assertThat(failure(run(tests))).isInstanceOf(ExtensionConfigurationException.class);
    }

    static class Registered {

        @RegisterExtension
        static final CarrierExtension CARRIERS = CarrierExtension.builder().threshold(Duration.ofMillis(300))
                .allow("dev.cooperativetls.junit.Blocking::parkUnderQsort").build();

        @Test
        void longer() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(HALF));
        }

        @Test
        void shorter() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(Duration.ofMillis(200)));
        }

        @Test
        void allowed() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.parkUnderQsort(HALF));
        }

        @Test
        @ShouldNotHoldCarrier
        void annotated() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.parkUnderQsort(HALF));
        }
    }

    @Test
    void a_class_can_register_other_rules() {
        assertThat(outcomes(run(Registered.class, DETECTED))).isEqualTo(Map.of("longer", "FAILED",
                "shorter", "SUCCESSFUL", "allowed", "SUCCESSFUL", "annotated", "FAILED"));
    }

    @ExtendWith(CarrierExtension.class)
    static class ByHand {

        @Test
        void sees_all(CarrierHolds holds) throws Exception {
            assertThat(holds).areByNobody();
            long start = System.nanoTime();
            Blocking.onVirtualThreads(2, () -> Blocking.poll(Duration.ofSeconds(2)));
            var elapsed = Duration.ofNanos(System.nanoTime() - start);
            assertThat(holds).areBy("dev.cooperativetls.junit.Blocking::poll");
            assertThat(holds.longest()).hasValueSatisfying(hold -> {
                assertThat(hold.kind()).isEqualTo(Kind.NATIVE);
                assertThat(hold.frame()).isEqualTo("dev.cooperativetls.junit.Blocking.poll");
                assertThat(hold.atLeast()).isBetween(holds.shortestCertain().dividedBy(2), elapsed);
            });
            assertThat(holds.shortestCertain()).isPositive();
        }

        @Test
        void fails(CarrierHolds holds) throws Exception {
            Blocking.onVirtualThreads(2, () -> Blocking.poll(Duration.ofSeconds(2)));
            assertThat(holds).areBy("dev.cooperativetls.junit.Blocking::spin");
        }
    }

    @Test
    void holds_can_be_asserted_by_hand() {
        assertThat(outcomes(run(ByHand.class))).isEqualTo(Map.of("sees_all", "SUCCESSFUL", "fails", "FAILED"));
    }

    static class AfterAnother {

        private static Thread left;

        @Test
        @ShouldHoldCarrier
        @Order(1)
        void leaves_a_thread() throws Exception {
            left = Thread.startVirtualThread(() -> Blocking.poll(Duration.ofMillis(1_500)));
            left.join(500);
        }

        @Test
        @ShouldNotHoldCarrier
        @Order(2)
        void does_not_fail_because_of_it() throws Exception {
            left.join();
        }
    }

    @Test
    void a_hold_that_began_before_the_test_does_not_count() {
        assertThat(outcomes(run(AfterAnother.class, "junit.jupiter.testmethod.order.default",
                MethodOrderer.OrderAnnotation.class.getName())))
                .isEqualTo(Map.of("leaves_a_thread", "SUCCESSFUL", "does_not_fail_because_of_it", "SUCCESSFUL"));
    }

    static class Quick {
        @Test
        @ShouldNotHoldCarrier
        void clean() throws Exception {
            Blocking.onVirtualThreads(10, () -> Blocking.sleep(HALF));
        }
    }

    static class Noisy {
        @Test
        void waits_in_native_code() throws Exception {
            Blocking.onVirtualThreads(1, () -> Blocking.poll(Duration.ofSeconds(1)));
        }
    }

    @Test
    void a_test_with_the_annotation_runs_alone() {
        Events events = run(engine(Quick.class).selectors(selectClass(Noisy.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent"));

        assertThat(outcomes(events)).isEqualTo(Map.of("clean", "SUCCESSFUL", "waits_in_native_code", "SUCCESSFUL"));
    }

    static class AtOnce {

        private static final CountDownLatch BOTH = new CountDownLatch(2);

        @Test
        void one() throws Exception {
            meet();
        }

        @Test
        void other() throws Exception {
            meet();
        }

        private static void meet() throws InterruptedException {
            BOTH.countDown();
            assertThat(BOTH.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void tests_that_are_judged_at_the_same_time_have_no_verdict() {
        Events events = engine(AtOnce.class).configurationParameter(DETECTED[0], DETECTED[1])
                .configurationParameter(Settings.PREFIX + "mode", "fail")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .execute().testEvents();

        assertThat(outcomes(events)).isEqualTo(Map.of("one", "ABORTED", "other", "ABORTED"));
        assertThat(failure(events)).hasMessageContaining("another judged test ran at the same time");
    }
}
