package dev.cooperativetls.frontdoor.judge;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A program to be judged. Each of its four virtual threads waits in native code, for half a second or for the
 * milliseconds of the argument. Then the program prints a line.
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
        poll(0); // links the method, so that the threads do not compute
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
