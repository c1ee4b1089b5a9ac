package dev.cooperativetls.testkit;

import java.security.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * One way to use a socket of the alternative provider.
 *
 * @param readCall the value of {@code cooperativetls.readCall}
 * @param engine the value of {@code cooperativetls.engine}
 * @param protocol the version of TLS
 * @param virtual whether the socket is used on virtual threads
 */
public record SocketMode(String readCall, String engine, String protocol, boolean virtual) {

    static final String READ = "read";
    static final String READ_INTO = "readInto";
    static final String BOUNCYCASTLE = "bouncycastle";
    static final String JDK = "jdk";

    static final List<String> READ_CALLS = List.of(READ, READ_INTO);
    static final List<String> ENGINES = List.of(BOUNCYCASTLE, JDK);

    private static final String PROVIDER = "dev.cooperativetls.altprovider.AltProvider";

    /** Returns every combination over BouncyCastle's engine, and one per version of TLS over the JDK's engine. */
    static Stream<SocketMode> all() {
        return Stream.of("TLSv1.2", "TLSv1.3").flatMap(protocol -> Stream.concat(
                READ_CALLS.stream().flatMap(call -> Stream.of(true, false)
                        .map(virtual -> new SocketMode(call, BOUNCYCASTLE, protocol, virtual))),
                Stream.of(control(protocol))));
    }

    /** Returns the mode of the JDK's engine for this version of TLS. */
    static SocketMode control(String protocol) {
        return new SocketMode(READ_INTO, JDK, protocol, true);
    }

    /** Returns the same mode over this engine. */
    SocketMode over(String otherEngine) {
        return new SocketMode(readCall, otherEngine, protocol, virtual);
    }

    /** Returns the same mode on threads of this kind. */
    SocketMode onThreads(boolean virtualThreads) {
        return new SocketMode(readCall, engine, protocol, virtualThreads);
    }

    boolean overJdkEngine() {
        return engine.equals(JDK);
    }

    /**
     * Returns the provider on the class path, with its system properties set to this mode.
     *
     * @param closeNotify the value of {@code cooperativetls.closeNotify}
     */
    Provider provider(String closeNotify) {
        var settings = Map.of("cooperativetls.readCall", readCall, "cooperativetls.engine", engine,
                "cooperativetls.closeNotify", closeNotify);
        synchronized (SocketMode.class) { // the properties are global to the JVM
            settings.forEach(System::setProperty);
            try {
                return ServiceLoader.load(Provider.class).stream()
                        .filter(found -> found.type().getName().equals(PROVIDER))
                        .findFirst().orElseThrow().get();
            } finally {
                settings.keySet().forEach(System::clearProperty);
            }
        }
    }

    /** Starts the task on a thread of this mode's kind. */
    <T> Running<T> start(Callable<T> task) {
        var result = new FutureTask<>(task);
        var thread = virtual ? Thread.startVirtualThread(result) : Thread.ofPlatform().daemon().start(result);
        return new Running<>(thread, result);
    }

    /** Runs the task on a thread of this mode's kind. Returns its result or throws its exception. */
    <T> T run(Callable<T> task) throws Exception {
        return start(task).result();
    }

    /** Runs the action on a thread of this mode's kind. Throws its exception. */
    void run(Action action) throws Exception {
        start(action).result();
    }

    /** Starts the action on a thread of this mode's kind. */
    Running<Void> start(Action action) {
        return start(() -> {
            action.run();
            return (Void) null;
        });
    }

    /** A task without a result. */
    interface Action {
        void run() throws Exception;
    }

    @Override
    public String toString() {
        return "%s, %s, %s, %s thread".formatted(readCall, engine, protocol, virtual ? "virtual" : "platform");
    }

    /** A task that was started. */
    record Running<T>(Thread thread, FutureTask<T> future) {

        private static final Map<String, String> WAITS = Map.of("dev.cooperativetls.altprovider.Poll.poll", "Poll",
                "java.util.concurrent.locks.LockSupport.parkNanos", "Hub");

        T result() throws Exception {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        /** Waits until the thread waits for the channel. Returns the class in which it waits, Poll or Hub. */
        String waitsIn() {
            return reaches(WAITS).orElseThrow(() -> new AssertionError("the task ended, and should have waited"));
        }

        /** Waits until the thread waits for the channel or ends. Returns whether it waits. */
        boolean waits() {
            return reaches(WAITS).isPresent();
        }

        /** Waits until the thread waits for a server to accept its connection. */
        void connects() {
            reaches(Map.of("sun.nio.ch.SocketChannelImpl.blockingConnect", "connect")).orElseThrow();
        }

        /** Waits until one of these frames is on the stack. Returns its value; empty if the task has ended. */
        private Optional<String> reaches(Map<String, String> frames) {
            while (!future.isDone()) {
                for (var frame : thread.getStackTrace()) {
                    String found = frames.get(frame.getClassName() + "." + frame.getMethodName());
                    if (found != null) {
                        return Optional.of(found);
                    }
                }
                Thread.onSpinWait();
            }
            return Optional.empty();
        }
    }
}
