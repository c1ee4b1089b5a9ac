package dev.cooperativetls.detectors;

import io.quarkus.test.junit.virtual.ShouldNotPin;
import io.quarkus.test.junit.virtual.VirtualThreadUnit;
import org.junit.jupiter.api.Test;

/** The annotations of Quarkus. */
final class QuarkusUnit implements Detector {

    @VirtualThreadUnit
    static class Example {
        @Test
        @ShouldNotPin
        void the_program_does_not_pin() throws InterruptedException {
            WatchedJvm.program().run();
        }
    }

    @Override
    public String title() {
        return "Quarkus `@ShouldNotPin` " + Detector.version(ShouldNotPin.class);
    }

    @Override
    public String watch(WatchedProgram program) {
        return JUnitRun.of(Example.class);
    }
}
