package dev.cooperativetls.detectors;

import me.escoffier.loom.loomunit.LoomUnitExtension;
import me.escoffier.loom.loomunit.ShouldNotPin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The annotations of loom-unit. */
final class LoomUnit implements Detector {

    @ExtendWith(LoomUnitExtension.class)
    static class Example {
        @Test
        @ShouldNotPin
        void the_program_does_not_pin() throws InterruptedException {
            WatchedJvm.program().run();
        }
    }

    @Override
    public String title() {
        return "loom-unit `@ShouldNotPin` " + Detector.version(ShouldNotPin.class);
    }

    @Override
    public String watch(WatchedProgram program) {
        return JUnitRun.of(Example.class);
    }
}
