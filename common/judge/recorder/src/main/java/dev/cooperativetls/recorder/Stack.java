package dev.cooperativetls.recorder;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import jdk.jfr.consumer.RecordedStackTrace;

/**
 * The frames of a thread, innermost first.
 *
 * @param cutOff whether outer frames are missing, because the recording has only the innermost ones
 */
record Stack(List<Frame> frames, boolean cutOff) {

    static final Stack NONE = new Stack(List.of(), false);

    /** Classes of frames that park a thread, or that write the event about it. */
    private static final Set<String> PARKING = Set.of("java.lang.VirtualThread", "java.lang.System$1",
            "java.lang.Object", "jdk.internal.misc.Unsafe", "java.util.concurrent.locks.LockSupport");

    /** Methods for which the JDK runs other threads on a spare carrier: see {@code jdk.internal.misc.Blocker}. */
    private static final Map<String, Set<String>> COMPENSATED = Map.of(
            "java.net.InetAddress$PlatformResolver", Set.of("lookupByName", "lookupByAddress"),
            "sun.nio.ch.FileChannelImpl", Set.of("force", "lock"),
            "java.nio.MappedMemoryUtils", Set.of("force"),
            "java.io.FileDescriptor", Set.of("sync"),
            "java.lang.Process$PipeInputStream", Set.of("read", "skip", "available"),
            "java.lang.Process$PipeOutputStream", Set.of("write"),
            "java.lang.System$In", Set.of("read", "readAllBytes", "readNBytes", "transferTo", "skip", "skipNBytes"));

    /** Libraries that implement a user's interface by a proxy that calls native functions. The caller is to blame. */
    private static final List<String> BINDINGS = List.of("com.sun.jna.", "jnr.ffi.", "com.kenai.jffi.");

    /** Packages whose native methods read and write. */
    private static final List<String> OF_INPUT_AND_OUTPUT = List.of("sun.nio.ch.", "sun.nio.fs.", "java.net.",
            "java.io.");

    /** Classes whose native calls never wait on a virtual thread, because the JDK makes its sockets non-blocking. */
    private static final Set<String> SOCKET_CALLS =
            Set.of("sun.nio.ch.SocketDispatcher", "sun.nio.ch.DatagramDispatcher");

    Stack {
        frames = List.copyOf(frames);
    }

    static Stack of(RecordedStackTrace recorded) {
        return new Stack(recorded.getFrames().stream().map(Frame::of).toList(), recorded.isTruncated());
    }

    /** Returns the names of all frames. */
    List<String> names() {
        return frames.stream().map(Frame::toString).toList();
    }

    /** Returns the frames of an exception's stack trace. */
    List<StackTraceElement> elements() {
        return frames.stream().map(Frame::element).toList();
    }

    /**
     * Returns the name of the first frame that is neither the JDK's nor generated, because a user cannot change
     * downcall stubs or the JDK's sockets. If there is none, a generated frame at least shows the class.
     */
    String place() {
        return users(0, frames.size()).or(() -> frames.stream().filter(frame -> !frame.isOfTheJdk()).findFirst())
                .or(() -> frames.stream().findFirst()).map(Frame::name).orElse("unknown");
    }

    /** Returns whether the user's frame is missing because the stack is cut off. */
    boolean hidesTheUsersFrame() {
        return cutOff && frames.stream().allMatch(Frame::isOfTheJdk);
    }

    /** Returns whether this is a poller of the JDK, which waits for the sockets of all other threads. */
    boolean isPoller() {
        return frames.stream().anyMatch(frame -> frame.type().equals("sun.nio.ch.Poller")
                && frame.method().toLowerCase(Locale.ROOT).endsWith("pollerloop"));
    }

    /** Returns whether the innermost method reads or writes. */
    boolean isInInputOrOutput() {
        return !frames.isEmpty() && frames.getFirst().isOfTheJdk()
                && OF_INPUT_AND_OUTPUT.stream().anyMatch(frames.getFirst().type()::startsWith);
    }

    /** Returns whether the JDK reads or writes a socket here. On a virtual thread this never waits. */
    boolean isInSocketCall() {
        return !frames.isEmpty() && SOCKET_CALLS.contains(frames.getFirst().type());
    }

    /** Returns whether the JDK starts a spare carrier for this call, if there may be one more. */
    boolean isCompensated() {
        return frames.stream().takeWhile(Frame::isOfTheJdk).anyMatch(
                frame -> COMPENSATED.getOrDefault(frame.type(), Set.of()).contains(frame.method()));
    }

    /** Returns whether the thread is parked although it is on its carrier. */
    boolean isParked() {
        return frames.stream().takeWhile(frame -> PARKING.contains(frame.type()))
                .anyMatch(frame -> frame.method().equals("parkOnCarrierThread") || frame.method().equals("wait0"));
    }

    /**
     * Returns whether the JDK loads or initialises a class here. This happens once. The busier the machine, the longer
     * it takes.
     */
    boolean isInClassLoading() {
        return frames.stream().takeWhile(frame -> !frame.isTheUsers())
                .anyMatch(frame -> frame.isOfTheJdk() && (frame.method().equals("loadClass")
                        || isInitialiser(frame)));
    }

    /** Returns whether no frame pins the thread. Then the JVM pins it, for example while it links a class. */
    boolean isPinnedByTheJvm() {
        return !cutOff && pinning().isEmpty();
    }

    /** Returns the index of the innermost frame that calls native code or initialises a class, outside the park. */
    private OptionalInt pinning() {
        int parking = (int) frames.stream().takeWhile(frame -> PARKING.contains(frame.type())).count();
        return IntStream.range(parking, frames.size())
                .filter(i -> isInitialiser(frames.get(i)) || callsNativeCode(frames.get(i))).findFirst();
    }

    private static boolean isInitialiser(Frame frame) {
        return frame.method().equals(Frame.CLASS_INITIALISER);
    }

    /**
     * Returns what pins a parked thread: the method that called native code, the initialiser of a class, or the method
     * for which the JVM loads a class. The frames inside it, which park, are not to blame: elsewhere they would not
     * block the carrier.
     */
    Pin pin() {
        OptionalInt pinning = pinning();
        if (pinning.isPresent()) {
            int i = pinning.getAsInt();
            Frame frame = frames.get(i);
            return new Pin(isInitialiser(frame) ? frame.name() : users(i, frames.size()).orElse(frame).name(),
                    users(0, i).map(Frame::name));
        }
        int loading = lastOf("loadClass");
        return new Pin(users(loading + 1, frames.size()).map(Frame::name).orElseGet(this::place),
                loading < 0 ? Optional.empty() : users(0, loading + 1).map(Frame::name));
    }

    /** Returns whether a frame calls native code. The outermost frame, a native method of the JVM, does not count. */
    private static boolean callsNativeCode(Frame frame) {
        return frame.type().startsWith("jdk.internal.foreign.abi.DowncallStub")
                || frame.isNative() && !frame.type().startsWith("jdk.internal.vm.");
    }

    private int lastOf(String method) {
        int last = -1;
        for (int i = 0; i < frames.size(); i++) {
            last = frames.get(i).method().equals(method) ? i : last;
        }
        return last;
    }

    private Optional<Frame> users(int from, int to) {
        return frames.subList(from, to).stream().filter(Frame::isTheUsers)
                .filter(frame -> BINDINGS.stream().noneMatch(frame.type()::startsWith)).findFirst();
    }

    /**
     * The cause of a pinned park.
     *
     * @param by the name of the frame that pins the thread
     * @param parkedIn the user's method inside that frame that parked; empty if there is none
     */
    record Pin(String by, Optional<String> parkedIn) {}
}
