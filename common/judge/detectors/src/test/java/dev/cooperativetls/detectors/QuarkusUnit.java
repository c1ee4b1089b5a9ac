package dev.cooperativetls.detectors;

import io.quarkus.test.junit.virtual.ShouldNotPin;
import io.quarkus.test.junit.virtual.VirtualThreadUnit;
import org.junit.jupiter.api.Test;

/** A test with the annotations of Quarkus. {@link PinAnnotation} runs it. */
@VirtualThreadUnit
class QuarkusUnit {
    @Test
    @ShouldNotPin
    void the_program_does_not_pin() throws InterruptedException {
        WatchedJvm.program().run();
    }
}
