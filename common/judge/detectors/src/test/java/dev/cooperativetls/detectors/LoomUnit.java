package dev.cooperativetls.detectors;

import me.escoffier.loom.loomunit.LoomUnitExtension;
import me.escoffier.loom.loomunit.ShouldNotPin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test with the annotations of loom-unit. {@link PinAnnotation} runs it. */
@ExtendWith(LoomUnitExtension.class)
class LoomUnit {
    @Test
    @ShouldNotPin
    void the_program_does_not_pin() throws InterruptedException {
        WatchedJvm.program().run();
    }
}
