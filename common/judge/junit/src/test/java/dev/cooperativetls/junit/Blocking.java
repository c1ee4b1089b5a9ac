package dev.cooperativetls.junit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Real ways to hold a carrier, and one that does not hold it. */
@SuppressWarnings("restricted") // the native calls are intended
final class Blocking {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle POLL = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("poll"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle QSORT = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("qsort"),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final ThreadLocal<Duration> TO_PARK = new ThreadLocal<>();

    private Blocking() {}

    /** Runs the work on this many virtual threads, and waits for them. */
    static void onVirtualThreads(int count, Runnable work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Waits in a system call. */
    static void poll(Duration time) {
        try {
            var _ = (int) POLL.invokeExact(MemorySegment.NULL, 0L, (int) time.toMillis());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Parks in a comparison that {@code qsort} calls, so a native frame lies below the park. */
    static void parkUnderQsort(Duration time) {
        try (var arena = Arena.ofConfined()) {
            TO_PARK.set(time);
            MemorySegment compare = LINKER.upcallStub(MethodHandles.lookup().findStatic(Blocking.class, "compare",
                    MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS), arena);
            QSORT.invokeExact(arena.allocate(2), 2L, 1L, compare);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static int compare(MemorySegment one, MemorySegment other) {
        long end = System.nanoTime() + TO_PARK.get().toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        return Long.compare(one.address(), other.address());
    }

    /** Uses the CPU. */
    static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Runs work that may throw a checked exception. */
    static void unchecked(Callable<?> work) {
        try {
            work.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Parks, which does not hold the carrier. */
    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
