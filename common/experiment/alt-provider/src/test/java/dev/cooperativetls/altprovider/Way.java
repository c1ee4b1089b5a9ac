package dev.cooperativetls.altprovider;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** One way to use a socket: which read call, whose engine, which version of TLS, on which kind of thread. */
record Way(ReadCall readCall, EngineSource engine, String protocol, boolean virtual) {

    /** Every combination over BouncyCastle's engine; the JDK's with one. */
    static Stream<Way> all() {
        return Stream.of("TLSv1.2", "TLSv1.3").flatMap(protocol -> Stream.concat(
                Stream.of(ReadCall.values()).flatMap(call -> Stream.of(true, false)
                        .map(virtual -> new Way(call, EngineSource.BOUNCYCASTLE, protocol, virtual))),
                Stream.of(new Way(ReadCall.READ_INTO, EngineSource.JDK, protocol, true))));
    }

    /** Starts this on a thread of the way's kind. */
    <T> Running<T> start(Callable<T> client) {
        FutureTask<T> result = new FutureTask<>(client);
        Thread thread = virtual ? Thread.startVirtualThread(result) : Thread.ofPlatform().daemon().start(result);
        return new Running<>(thread, result);
    }

    /** Runs this on a thread of the way's kind: returns what it returns, throws what it throws. */
    <T> T run(Callable<T> client) throws Exception {
        return start(client).result();
    }

    @Override
    public String toString() {
        return "%s, %s, %s, %s thread".formatted(readCall, engine, protocol, virtual ? "virtual" : "platform");
    }

    /** What was started. */
    record Running<T>(Thread thread, FutureTask<T> future) {

        T result() throws Exception {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        /** Waits until the thread waits for the channel; returns the class that makes it wait, Poll or Hub. */
        String waitsIn() {
            return reaches(Map.of("dev.cooperativetls.altprovider.Poll.poll", "Poll",
                    "java.util.concurrent.locks.LockSupport.parkNanos", "Hub"));
        }

        /** Waits until the thread waits for the other side to take its connection. */
        void connects() {
            reaches(Map.of("sun.nio.ch.SocketChannelImpl.blockingConnect", "connect"));
        }

        /** Waits until a frame of these is on the thread's stack; what it stands for. */
        private String reaches(Map<String, String> frames) {
            while (!future.isDone()) {
                for (StackTraceElement frame : thread.getStackTrace()) {
                    String found = frames.get(frame.getClassName() + "." + frame.getMethodName());
                    if (found != null) {
                        return found;
                    }
                }
                Thread.onSpinWait();
            }
            throw new AssertionError("it ended, and should have waited");
        }
    }
}
