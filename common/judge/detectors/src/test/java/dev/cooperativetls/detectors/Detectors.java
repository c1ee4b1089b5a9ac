package dev.cooperativetls.detectors;

import java.util.function.Supplier;

/** The detectors, in the order of the table. */
enum Detectors {
    HELIDON(HelidonRecorder::new),
    QUARKUS(QuarkusUnit::new),
    LOOM_UNIT(LoomUnit::new),
    MICROMETER(MicrometerMetrics::new),
    BLOCK_HOUND(() -> new BlockHoundAgent(false)),
    BLOCK_HOUND_BY_HAND(() -> new BlockHoundAgent(true)),
    PINNED_THREADS(PinnedThreadsView::new),
    NATIVE_METHODS(NativeMethodsView::new),
    SCHEDULER_BEAN(SchedulerBean::new),
    OUR_JUDGE(OurJudge::new);

    private final Supplier<Detector> detector;

    Detectors(Supplier<Detector> detector) {
        this.detector = detector;
    }

    /** Returns it. Not all are made at once, because a JVM is to have the classes of one detector only. */
    Detector detector() {
        return detector.get();
    }
}
