package dev.cooperativetls.verdict;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A program for the judge to observe: its virtual threads really block their carriers, in the way that it is told to.
 * It speaks as {@code fetch} does.
 *
 * <p>Arguments: the way, the number of pages, how long each waits in milliseconds, the number of carriers.
 */
final class BlockingProgram {

    /** How each page waits. */
    enum Way { IN_NATIVE_CODE, SPINNING, PINNED, MIXED, COOPERATIVE, ONE_AFTER_ANOTHER }

    private BlockingProgram() {}

    public static void main(String[] args) throws InterruptedException {
        Way way = Way.valueOf(args[0]);
        int count = Integer.parseInt(args[1]);
        Duration wait = Duration.ofMillis(Long.parseLong(args[2]));
        System.setProperty("jdk.virtualThreadScheduler.parallelism", args[3]);
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", args[3]);
        Semaphore oneAtATime = new Semaphore(1);
        Semaphore allAtOnce = new Semaphore(count);
        Native.poll(Duration.ZERO); // links it, before the clock starts
        Native.parkUnderNativeFrame(Duration.ZERO);

        System.out.printf("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":%d,\"carriers\":%s,\"jdk\":\"%s\"}%n",
                Instant.now(), count, args[3], Runtime.version());
        long start = System.nanoTime();
        List<Thread> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int page = i;
            pages.add(Thread.startVirtualThread(() -> {
                Semaphore turn = way == Way.ONE_AFTER_ANOTHER ? oneAtATime : allAtOnce;
                turn.acquireUninterruptibly();
                double sent = secondsSince(start);
                block(way, page, wait);
                double firstByte = secondsSince(start);
                turn.release();
                System.out.printf(Locale.ROOT, "{\"event\":\"page\",\"page\":%d,\"status\":200,\"problem\":null,"
                        + "\"sent\":%.6f,\"firstByte\":%.6f}%n", page, sent, firstByte);
            }));
        }
        for (Thread page : pages) {
            page.join();
        }
        System.out.printf(Locale.ROOT, "{\"event\":\"end\",\"elapsedSeconds\":%.6f,\"timedOut\":false}%n",
                secondsSince(start));
    }

    private static void block(Way way, int page, Duration wait) {
        switch (way) {
            case IN_NATIVE_CODE -> Native.poll(wait);
            case SPINNING -> spin(wait);
            case PINNED -> Native.parkUnderNativeFrame(wait);
            case MIXED -> {
                if (page % 4 == 0) {
                    spin(wait);
                } else {
                    Native.poll(wait);
                }
            }
            case COOPERATIVE, ONE_AFTER_ANOTHER -> LockSupport.parkNanos(wait.toNanos());
        }
    }

    static void spin(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The ways through native code. */
    @SuppressWarnings("restricted") // downcalls are its point
    static final class Native {

        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle POLL = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("poll"), FunctionDescriptor.of(ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        private static final MethodHandle QSORT = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("qsort"), FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));

        private static final ScopedValue<Duration> PARK_FOR = ScopedValue.newInstance();

        private Native() {}

        /** Waits in {@code poll(2)} for no file descriptor at all: until the time is up. */
        static void poll(Duration time) {
            try {
                int _ = (int) POLL.invokeExact(MemorySegment.NULL, 0L, (int) time.toMillis());
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Has {@code qsort(3)} call back into Java, which parks: the native frame pins the thread. */
        static void parkUnderNativeFrame(Duration time) {
            try (Arena arena = Arena.ofConfined()) {
                FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS);
                MethodHandle compare = MethodHandles.lookup().findStatic(Native.class, "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
                MemorySegment callback = LINKER.upcallStub(compare, type, arena);
                MemorySegment twoNumbers = arena.allocate(ValueLayout.JAVA_INT, 2);
                ScopedValue.where(PARK_FOR, time).call(() -> {
                    QSORT.invokeExact(twoNumbers, 2L, 4L, callback);
                    return null;
                });
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        static int compare(MemorySegment one, MemorySegment other) {
            LockSupport.parkNanos(PARK_FOR.get().toNanos());
            return 0;
        }
    }
}
