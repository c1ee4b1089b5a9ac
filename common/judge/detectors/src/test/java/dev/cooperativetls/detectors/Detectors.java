package dev.cooperativetls.detectors;

import java.util.function.Supplier;

/** The detectors, in the order of the table. */
enum Detectors {
    HELIDON(HelidonRecorder::new),
    QUARKUS(() -> new PinAnnotation("Quarkus", io.quarkus.test.junit.virtual.ShouldNotPin.class, QuarkusUnit.class)),
    LOOM_UNIT(() -> new PinAnnotation("loom-unit", me.escoffier.loom.loomunit.ShouldNotPin.class, LoomUnit.class)),
    MICROMETER(MicrometerMetrics::new),
    BLOCK_HOUND(() -> new BlockHoundAgent(false)),
    BLOCK_HOUND_BY_HAND(() -> new BlockHoundAgent(true)),
    PINNED_THREADS(() -> new JfrView("pinned-threads", 1)),
    /** JFR's default settings take a sample every 20 ms. */
    NATIVE_METHODS(() -> new JfrView("native-methods", 20)),
    SCHEDULER_BEAN(SchedulerBean::new),
    OUR_JUDGE(OurJudge::new);

    private final Supplier<Detector> detector;

    Detectors(Supplier<Detector> detector) {
        this.detector = detector;
    }

    /** Returns a new detector. They are created separately, so that a JVM loads the classes of only one. */
    Detector detector() {
        return detector.get();
    }
}
