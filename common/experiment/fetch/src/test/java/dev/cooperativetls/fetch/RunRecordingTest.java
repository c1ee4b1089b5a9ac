package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.MethodTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests with real recordings of this JVM. A resource of the tests lists the methods. */
class RunRecordingTest {

    private static final String HERE = RunRecordingTest.class.getName();

    @Test
    void a_profile_has_the_calls_and_times_of_each_listed_method_that_was_called() throws Exception {
        try (RunRecording recording = recorded(true, false)) {
            List<MethodTime> profile = recording.profile();
            assertThat(profile).extracting(MethodTime::method).startsWith(HERE + ".outer", HERE + ".inner")
                    .containsExactlyInAnyOrder(HERE + ".outer", HERE + ".inner",
                            HERE + ".overloaded(int)", HERE + ".overloaded(String[])");
            MethodTime outer = profile.get(0);
            MethodTime inner = profile.get(1);
            assertThat(outer.calls()).isEqualTo(2);
            assertThat(inner.calls()).isEqualTo(6);
            assertThat(inner.cumulativeSeconds()).isBetween(6 * 0.01, outer.cumulativeSeconds());
            assertThat(inner.longestSeconds()).isBetween(0.01, outer.longestSeconds());
        }
    }

    @Test
    void a_trace_has_each_call_with_its_level_thread_and_time() throws Exception {
        Instant from = Instant.now();
        try (RunRecording recording = recorded(false, true)) {
            List<Call> calls = recording.trace(from, Duration.between(from, Instant.now())).stream()
                    .filter(call -> !call.method().contains("overloaded")).toList();

            assertThat(calls).extracting(Call::level).containsExactly(1, 2, 2, 2, 1, 2, 2, 2);
            assertThat(calls).extracting(Call::thread).containsOnly("traced");
            assertThat(calls).extracting(Call::start).isSorted();
            Call outer = calls.getFirst();
            assertThat(calls.subList(1, 4)).allSatisfy(inner -> {
                assertThat(inner.method()).isEqualTo(HERE + ".inner");
                assertThat(inner.start()).isGreaterThanOrEqualTo(outer.start());
                assertThat(inner.end()).isLessThanOrEqualTo(outer.end() + 1e-6);
            });
        }
    }

    @Test
    void the_recording_is_kept_in_the_given_file(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("kept.jfr");

        try (RunRecording recording = RunRecording.start(false, false, true)) {
            recording.stop();
            recording.writeTo(file);
        }

        assertThat(file).isNotEmptyFile();
    }

    /** Records calls of the methods that the test's resource lists, and one more call after the run. */
    private static RunRecording recorded(boolean profile, boolean trace) throws Exception {
        RunRecording recording = RunRecording.start(profile, trace, false);
        Thread.ofVirtual().name("traced").start(() -> {
            outer();
            outer();
            overloaded(1);
            overloaded(new String[0]);
        }).join();
        recording.stop();
        outer();
        return recording;
    }

    private static void outer() {
        for (int i = 0; i < 3; i++) {
            inner();
        }
    }

    /** Waits for at least 10 ms. */
    private static void inner() {
        long until = System.nanoTime() + 10_000_000;
        for (long left = 10_000_000; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static int overloaded(int number) {
        return number + 1;
    }

    private static int overloaded(String[] texts) {
        return texts.length;
    }

    static int neverCalled() {
        return 0;
    }
}
