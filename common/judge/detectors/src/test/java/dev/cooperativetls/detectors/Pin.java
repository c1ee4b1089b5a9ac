package dev.cooperativetls.detectors;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A park in a callback of {@code qsort(3)}. Because of the native frame a virtual thread cannot leave its carrier. */
@SuppressWarnings("restricted") // the native frame is intended
final class Pin {

    private static final MethodHandle QSORT = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("qsort"), FunctionDescriptor.ofVoid(
                    ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    private static final ScopedValue<Duration> TIME = ScopedValue.newInstance();

    private Pin() {}

    static void park(Duration time) {
        ScopedValue.where(TIME, time).run(Pin::sort);
    }

    private static void sort() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment compare = Linker.nativeLinker().upcallStub(
                    MethodHandles.lookup().findStatic(Pin.class, "compare",
                            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS), arena);
            QSORT.invokeExact(arena.allocate(ValueLayout.JAVA_INT, 2), 2L, ValueLayout.JAVA_INT.byteSize(), compare);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int compare(MemorySegment one, MemorySegment other) {
        long end = System.nanoTime() + TIME.get().toNanos();
        do {
            LockSupport.parkNanos(end - System.nanoTime());
        } while (System.nanoTime() < end);
        return 0;
    }
}
