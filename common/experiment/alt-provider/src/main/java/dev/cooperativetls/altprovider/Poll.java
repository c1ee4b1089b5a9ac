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
 * The operating system's {@code poll(2)}: the wait that the scheduler of virtual threads cannot see. A virtual thread
 * that calls it keeps its carrier until the call returns, and every other virtual thread of that carrier waits as well.
 */
final class Poll {

    static final short READABLE = 1; // POLLIN, the same on Linux and macOS
    static final short WRITABLE = 4; // POLLOUT

    /** A thread in {@code poll} cannot be woken by an interrupt, so it comes up this often to look. */
    private static final long SLICE_MILLIS = 100;

    private static final int EINTR = 4;
    private static final StructLayout POLLFD = MemoryLayout.structLayout(
            JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle POLL;
    private static final MethodHandle FILE_DESCRIPTOR;

    /** What this JVM lacks, and how to give it; null if nothing. Every wait says it, not only the first. */
    private static final String LACKING;

    static {
        MethodHandle poll = null;
        MethodHandle fileDescriptor = null;
        String lacking = null;
        try {
            poll = downcall();
            fileDescriptor = MethodHandles.lookup().findVirtual(
                    // By name, so that a JVM without the export gets a message instead of an IllegalAccessError.
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

    /** Looks {@code poll} up, which takes a file: later, all descriptors may be in use. */
    static void prepare() {
        // Done when this class is initialized.
    }

    /**
     * Waits until the channel is ready for an event or has failed, the time is up, or the caller is to stop.
     *
     * @param nanos how long at the most; 0 or less returns at once
     * @param stop asked about ten times a second
     * @return whether the channel is ready or has failed; the next call on it tells which
     * @throws SocketException if this JVM cannot poll; the message says what to start it with
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
                // Rounded up: a wait of half a millisecond must not become a spin.
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
