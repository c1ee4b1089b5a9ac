package dev.cooperativetls.detectors;

import io.helidon.common.testing.virtualthreads.PinningAssertionError;
import io.helidon.common.testing.virtualthreads.PinningRecorder;
import java.time.Duration;
import java.util.stream.Stream;

/** The recorder that annotations such as {@code @ServerTest(pinningDetection = true)} start around a test class. */
final class HelidonRecorder implements Detector {

    @Override
    public String title() {
        return "Helidon `PinningRecorder` " + Detector.version(PinningRecorder.class);
    }

    @Override
    public String watch(WatchedProgram program) throws InterruptedException {
        try (PinningRecorder recorder = PinningRecorder.create()) {
            recorder.record(Duration.ofMillis(PinningRecorder.DEFAULT_THRESHOLD));
            program.run();
        } catch (PinningAssertionError pinned) {
            return "fails: " + Culprit.in(Stream.of(pinned.getStackTrace()).map(StackTraceElement::toString));
        }
        return NO_REPORT;
    }
}
