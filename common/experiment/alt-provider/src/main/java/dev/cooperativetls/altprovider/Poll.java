package dev.cooperativetls.altprovider;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The fault that this module demonstrates: a wait in the operating system's {@code poll(2)}, called as a native
 * function.
 *
 * <p>A virtual thread that waits in Java parks, and its carrier runs other virtual threads. The virtual-thread
 * scheduler cannot see a wait in a native call. So a virtual thread that calls {@code poll} blocks its carrier until
 * the call returns, and all other virtual threads of that carrier wait too. A platform thread has no carrier, so there
 * the wait is harmless.
 */
final class Poll {

    static final short READABLE = 1; // POLLIN, the same on Linux and macOS
    static final short WRITABLE = 4; // POLLOUT

    /**
     * The maximum duration of one call. An interrupt does not end a call, so the thread checks for it between calls.
     */
    private static final long SLICE_MILLIS = 100;

    private static final int EINTR = 4;
    private static final StructLayout POLLFD = MemoryLayout.structLayout(
            JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle POLL;
    private static final MethodHandle FILE_DESCRIPTOR;

    /** The reason why this JVM cannot poll, which is the message of every wait; null if it can poll. */
    private static final String LACKING;

    static {
        MethodHandle poll = null;
        MethodHandle fileDescriptor = null;
        String lacking = null;
        try {
            poll = downcall();
            fileDescriptor = MethodHandles.lookup().findVirtual(
                    // By name, so that a JVM without the export reports a message instead of an IllegalAccessError.
                    Class.forName("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class));
        } catch (NoSuchElementException _) {
            lacking = "this system has no poll(2): the alternative provider needs Linux or macOS";
        } catch (IllegalCallerException _) {
            lacking = "the alternative provider calls poll(2): start Java with --enable-native-access=ALL-UNNAMED";
        } catch (ReflectiveOperationException _) {
            lacking = "the alternative provider polls file descriptors: start Java with"
                    + " --add-exports java.base/sun.nio.ch=ALL-UNNAMED";
        }
        POLL = poll;
        FILE_DESCRIPTOR = fileDescriptor;
        LACKING = lacking;
    }

    private Poll() {}

    /** Looks up {@code poll}. The look-up opens a file, and later all file descriptors may be in use. */
    static void prepare() {
        // The static initializer does it.
    }

    /**
     * Waits until the channel is ready or has failed, the timeout has passed, or {@code stop} returns true.
     *
     * @param events {@link #READABLE} or {@link #WRITABLE}
     * @param nanos the timeout in nanoseconds; 0 or less returns immediately
     * @param stop called about ten times per second
     * @return true if the channel is ready or has failed; the next call on the channel shows which
     * @throws SocketException if this JVM cannot poll; the message names the missing JVM option
     */
    static boolean await(SocketChannel channel, short events, long nanos, BooleanSupplier stop) throws IOException {
        if (LACKING != null) {
            throw new SocketException(LACKING);
        }
        int fd = fileDescriptor(channel);
        long deadline = System.nanoTime() + nanos;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(POLLFD);
            MemorySegment errno = arena.allocate(CAPTURED);
            pollfd.set(JAVA_INT, 0, fd);
            pollfd.set(JAVA_SHORT, 4, events);
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || stop.getAsBoolean() || !channel.isOpen()) {
                    return false;
                }
                // Rounded up, so that a wait of half a millisecond does not become a busy loop.
                int millis = (int) Math.min(SLICE_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1);
                int ready = poll(errno, pollfd, millis);
                if (ready > 0) {
                    return true;
                }
                if (ready < 0 && (int) ERRNO.get(errno, 0L) != EINTR) {
                    throw new IOException("poll failed with errno " + (int) ERRNO.get(errno, 0L));
                }
            }
        }
    }

    private static int poll(MemorySegment errno, MemorySegment pollfd, int millis) {
        try {
            return (int) POLL.invokeExact(errno, pollfd, 1L, millis);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int fileDescriptor(SocketChannel channel) {
        try {
            return (int) FILE_DESCRIPTOR.invoke(channel);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted") // calling poll is the point of this class
    private static MethodHandle downcall() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find("poll").orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
                Linker.Option.captureCallState("errno"));
    }
}
