package dev.cooperativetls.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real recordings of this JVM. One at a time, since what one records the others would as well. */
@Execution(ExecutionMode.SAME_THREAD)
class RunRecordingTest {

    private static final String HERE = RunRecordingTest.class.getName();

    @TempDir
    private Path folder;

    @Test
    void a_profile_counts_the_calls_of_a_named_method_and_adds_up_their_time() throws Exception {
        Readings readings = recorded(EnumSet.of(Instrument.PROFILE), HERE + "::outer", HERE + "::inner");

        MethodTime outer = timeOf(readings, "outer");
        MethodTime inner = timeOf(readings, "inner");
        assertThat(outer.calls()).isEqualTo(2);
        assertThat(inner.calls()).isEqualTo(6);
        assertThat(inner.cumulativeSeconds()).isBetween(6 * 0.01, outer.cumulativeSeconds());
        assertThat(inner.longestSeconds()).isBetween(0.01, outer.longestSeconds());
        assertThat(readings.profile()).extracting(MethodTime::method).containsExactly(HERE + ".outer", HERE + ".inner");
        assertThat(readings.trace()).isNull();
    }

    @Test
    void overloads_are_told_apart_by_their_parameters() throws Exception {
        Readings readings = recorded(EnumSet.of(Instrument.PROFILE), HERE + "::overloaded");

        assertThat(readings.profile()).extracting(MethodTime::method)
                .containsExactlyInAnyOrder(HERE + ".overloaded(int)", HERE + ".overloaded(String[])");
    }

    @Test
    void a_method_that_was_not_called_has_no_line() throws Exception {
        Readings readings = recorded(EnumSet.of(Instrument.PROFILE), HERE + "::neverCalled", HERE + "::inner");

        assertThat(readings.profile()).extracting(MethodTime::method).containsExactly(HERE + ".inner");
    }

    @Test
    void a_trace_has_each_call_with_its_level_thread_and_time() throws Exception {
        Readings readings = recorded(EnumSet.of(Instrument.TRACE), HERE + "::outer", HERE + "::inner");

        List<Call> calls = readings.trace();
        assertThat(calls).extracting(Call::level).containsExactly(1, 2, 2, 2, 1, 2, 2, 2);
        assertThat(calls).extracting(Call::thread).containsOnly("traced");
        assertThat(calls).extracting(Call::start).isSorted();
        Call outer = calls.getFirst();
        assertThat(calls.subList(1, 4)).allSatisfy(inner -> {
            assertThat(inner.method()).isEqualTo(HERE + ".inner");
            assertThat(inner.start()).isGreaterThanOrEqualTo(outer.start());
            assertThat(inner.end()).isLessThanOrEqualTo(outer.end() + 1e-6);
        });
        assertThat(calls.subList(1, 4).stream().mapToDouble(Call::seconds).sum())
                .isCloseTo(outer.seconds(), within(0.02));
        assertThat(readings.profile()).isNull();
    }

    @Test
    void the_recording_can_be_kept_and_is_else_deleted() throws Exception {
        Path kept = folder.resolve("kept.jfr");

        try (RunRecording recording = start(Set.of(), "nothing")) {
            Instant from = Instant.now();
            recording.stop();
            recording.read(from, Duration.ofMillis(1), 1, kept);
        }

        assertThat(kept).isNotEmptyFile();
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("cooperative-tls-") && name.endsWith(".jfr"));
        }
    }

    private Readings recorded(Set<Instrument> wanted, String... methods) throws Exception {
        try (RunRecording recording = start(wanted, methods)) {
            Instant from = Instant.now();
            Thread.ofVirtual().name("traced").start(() -> {
                outer();
                outer();
                overloaded(1);
                overloaded(new String[0]);
            }).join();
            recording.stop();
            outer(); // no part of the run
            return recording.read(from, Duration.between(from, Instant.now()), 1, null);
        }
    }

    /** With a class path that names these methods. */
    private RunRecording start(Set<Instrument> wanted, String... methods) throws IOException {
        Path resource = folder.resolve(InstrumentedMethods.RESOURCE);
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, "# named for the test\n\n" + String.join("  # why\n", methods) + "\n");
        try (URLClassLoader classPath = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            return RunRecording.start(wanted, classPath);
        }
    }

    private static MethodTime timeOf(Readings readings, String method) {
        return readings.profile().stream().filter(time -> time.method().endsWith("." + method)).findFirst().orElseThrow();
    }

    private static void outer() {
        for (int i = 0; i < 3; i++) {
            inner();
        }
    }

    /** A real wait, of 10 ms at the least. */
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
