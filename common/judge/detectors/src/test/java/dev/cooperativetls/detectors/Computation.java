package dev.cooperativetls.detectors;

import java.time.Duration;

/** A computation, which uses the CPU. */
final class Computation {

    static volatile long result;

    private Computation() {}

    static void compute(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long value = end;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 1_000; i++) {
                value = value * 6364136223846793005L + 1442695040888963407L;
            }
        }
        result = value;
    }
}
