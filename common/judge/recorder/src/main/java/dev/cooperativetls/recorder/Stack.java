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
 * @param cutOff whether outer frames are missing, because the recorder keeps only so many
 */
record Stack(List<Frame> frames, boolean cutOff) {

    static final Stack NONE = new Stack(List.of(), false);

    /** They park a thread, or post the event that says so. */
    private static final Set<String> PARKING = Set.of("java.lang.VirtualThread", "java.lang.System$1",
            "java.lang.Object", "jdk.internal.misc.Unsafe", "java.util.concurrent.locks.LockSupport");

    /** While they block, the JDK runs other threads on a spare carrier, see {@code jdk.internal.misc.Blocker}. */
    private static final Map<String, Set<String>> COMPENSATED = Map.of(
            "java.net.InetAddress$PlatformResolver", Set.of("lookupByName", "lookupByAddress"),
            "sun.nio.ch.FileChannelImpl", Set.of("force", "lock"),
            "java.nio.MappedMemoryUtils", Set.of("force"),
            "java.io.FileDescriptor", Set.of("sync"),
            "java.lang.Process$PipeInputStream", Set.of("read", "skip", "available"),
            "java.lang.Process$PipeOutputStream", Set.of("write"),
            "java.lang.System$In", Set.of("read", "readAllBytes", "readNBytes", "transferTo", "skip", "skipNBytes"));

    /** They call native functions for an interface of the user's, by a proxy. Its caller is more to the point. */
    private static final List<String> BINDINGS = List.of("com.sun.jna.", "jnr.ffi.", "com.kenai.jffi.");

    /** Packages whose native methods read and write. */
    private static final List<String> OF_INPUT_AND_OUTPUT = List.of("sun.nio.ch.", "sun.nio.fs.", "java.net.",
            "java.io.");

    /** The JDK makes the sockets of virtual threads non-blocking, and parks where it has to wait. */
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

    /** Returns the frames as a failure has them. */
    List<StackTraceElement> elements() {
        return frames.stream().map(Frame::element).toList();
    }

    /**
     * Returns the name of the first frame that is neither the JDK's nor generated: downcall stubs and socket internals
     * are not what the user can change. If there is none, a generated frame at least tells in which class it is.
     */
    String place() {
        return users(0, frames.size()).or(() -> frames.stream().filter(frame -> !frame.isOfTheJdk()).findFirst())
                .or(() -> frames.stream().findFirst()).map(Frame::name).orElse("unknown");
    }

    /** Returns whether the user's frame is among those that were cut off. */
    boolean hidesTheUsersFrame() {
        return cutOff && frames.stream().allMatch(Frame::isOfTheJdk);
    }

    /** Returns whether this is a thread of the JDK's own that waits for sockets, on behalf of all others. */
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

    /** Returns whether the JDK has a spare carrier run while this blocks, if there may be one more. */
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
     * Returns whether the JDK loads or initialises a class here. This happens once, and it takes the longer the busier
     * the machine is.
     */
    boolean isInClassLoading() {
        return frames.stream().takeWhile(frame -> !frame.isTheUsers())
                .anyMatch(frame -> frame.isOfTheJdk() && (frame.method().equals("loadClass")
                        || isInitialiser(frame)));
    }

    /** Returns whether nothing in the stack pins the thread. Then the JVM does, which links a class, for example. */
    boolean isPinnedByTheJvm() {
        return !cutOff && pinning().isEmpty();
    }

    /** Returns the index of the innermost frame that pins a parked thread: it called native code, or initialises. */
    private OptionalInt pinning() {
        int parking = (int) frames.stream().takeWhile(frame -> PARKING.contains(frame.type())).count();
        return IntStream.range(parking, frames.size())
                .filter(i -> isInitialiser(frames.get(i)) || callsNativeCode(frames.get(i))).findFirst();
    }

    private static boolean isInitialiser(Frame frame) {
        return frame.method().equals(Frame.CLASS_INITIALISER);
    }

    /**
     * Returns what pins a parked thread: the method that called into native code, the initialiser of a class, or the
     * method for which the JVM loads a class. The frames inside it, which park, would park freely elsewhere.
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

    /** At the outer end the JVM's own native method has called everything. */
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
     * What pins a thread.
     *
     * @param by the name of the frame
     * @param parkedIn the user's method that parked inside it, if that is another
     */
    record Pin(String by, Optional<String> parkedIn) {}
}
