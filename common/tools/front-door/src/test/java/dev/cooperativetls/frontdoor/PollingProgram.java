package dev.cooperativetls.frontdoor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that knows nothing of the judge: four virtual threads wait in native code, half a second each, or as many
 * milliseconds as its argument says. Then it prints a line.
 */
final class PollingProgram {

    private static final Linker LINKER = Linker.nativeLinker();
    @SuppressWarnings("restricted")
    private static final MethodHandle POLL = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("poll"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private PollingProgram() {}

    public static void main(String[] args) throws InterruptedException {
        int millis = args.length == 0 ? 500 : Integer.parseInt(args[0]);
        poll(0); // links it, so that the threads compute nothing
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.startVirtualThread(() -> poll(millis)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("done");
    }

    static void poll(int millis) {
        try {
            int _ = (int) POLL.invokeExact(MemorySegment.NULL, 0L, millis);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
