package dev.cooperativetls.detectors;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A check whether virtual threads stay in the scheduler's queue. */
final class QueuedThreads {

    private static final int READINGS = 20;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final LongSupplier queued;
    private long least = -1;

    QueuedThreads(LongSupplier queued) {
        this.queued = queued;
    }

    /** Reads the length of the queue several times, because a thread may be queued for a moment before it runs. */
    void observe() {
        least = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            least = Math.min(least, queued.getAsLong());
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Returns the report in words. */
    @Override
    public String toString() {
        if (least < 0) {
            throw new IllegalStateException("the queue was not read, or its length is unknown");
        }
        return least > 0 ? "queued > 0" : Detector.NO_REPORT;
    }
}
