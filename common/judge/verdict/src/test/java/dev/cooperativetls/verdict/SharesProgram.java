package dev.cooperativetls.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that blocks one of its carriers for known shares of the time, in each way. Each share is one page. The time
 * from {@code connectStart} to {@code connected} is how long its thread blocked in all, by its own measurement.
 *
 * <p>Argument: the number of carriers.
 */
final class SharesProgram {

    static final int[] PER_CENT = {10, 25, 50, 75, 95};

    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final int PERIODS = 20;

    /** A way to block. */
    enum How { IN_NATIVE_CODE, PINNED, COMPUTING }

    private SharesProgram() {}

    public static void main(String[] args) throws InterruptedException {
        System.setProperty("jdk.virtualThreadScheduler.parallelism", args[0]);
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", args[0]);
        BlockingProgram.Native.poll(Duration.ZERO);
        BlockingProgram.Native.parkUnderNativeFrame(() -> {});

        Events events = Events.of(args);
        events.print("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":%s,\"carriers\":%s}", Instant.now(),
                How.values().length * PER_CENT.length, args[0]);
        long start = System.nanoTime();
        int page = 0;
        for (How how : How.values()) {
            for (int perCent : PER_CENT) {
                int number = page++;
                Thread.startVirtualThread(() -> {
                    double from = secondsSince(start);
                    double blocked = block(how, PERIOD.multipliedBy(perCent).dividedBy(100));
                    events.print("{\"event\":\"page\",\"page\":%d,\"status\":200,\"problem\":null,"
                            + "\"start\":%.6f,\"connectStart\":0,\"connected\":%.6f,\"end\":%.6f}",
                            number, from, blocked, secondsSince(start));
                }).join();
            }
        }
        events.print("{\"event\":\"end\",\"elapsedSeconds\":%.6f,\"timedOut\":false}",
                secondsSince(start));
    }

    /** Blocks for this part of each period, and returns for how many seconds it blocked in all. */
    private static double block(How how, Duration part) {
        double blocked = 0;
        long first = System.nanoTime();
        for (int i = 1; i <= PERIODS; i++) {
            long begin = System.nanoTime();
            switch (how) {
                case IN_NATIVE_CODE -> BlockingProgram.Native.poll(part);
                case PINNED -> BlockingProgram.Native.parkUnderNativeFrame(() -> LockSupport.parkNanos(part.toNanos()));
                case COMPUTING -> BlockingProgram.spin(part);
            }
            blocked += secondsSince(begin);
            LockSupport.parkNanos(i * PERIOD.toNanos() - (System.nanoTime() - first));
        }
        return blocked;
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
