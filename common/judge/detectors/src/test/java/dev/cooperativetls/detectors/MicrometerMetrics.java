package dev.cooperativetls.detectors;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.java21.instrument.binder.jdk.VirtualThreadMetrics;

/** The meters of virtual threads, bound as in an application. */
final class MicrometerMetrics implements Detector {

    @Override
    public String title() {
        return "Micrometer `VirtualThreadMetrics` " + Detector.version(VirtualThreadMetrics.class);
    }

    @Override
    public String watch(WatchedProgram program) throws InterruptedException {
        var registry = new SimpleMeterRegistry();
        var queue = new QueuedThreads(() -> (long) registry.get("jvm.threads.virtual.live")
                .tag("scheduling.status", "queued").gauge().value());
        var metrics = new VirtualThreadMetrics();
        metrics.bindTo(registry);
        program.run(queue::observe);
        metrics.close(); // then the meters have all events of the run
        return registry.get("jvm.threads.virtual.pinned").timer().count() > 0
                ? "pinned > 0, " + queue : queue.toString();
    }
}
