package dev.cooperativetls.altprovider;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** One way to use a socket: which read call, whose engine, which version of TLS, on which kind of thread. */
record Way(ReadCall readCall, EngineSource engine, String protocol, boolean virtual) {

    /** Every combination over BouncyCastle's engine, but for platform threads in TLS 1.2; a few over the JDK's. */
    static Stream<Way> all() {
        return Stream.of("TLSv1.2", "TLSv1.3").flatMap(protocol -> Stream.concat(
                Stream.of(ReadCall.values()).flatMap(call -> Stream.of(true, false)
                        .filter(virtual -> virtual || protocol.equals("TLSv1.3"))
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
            while (!future.isDone()) {
                for (StackTraceElement frame : thread.getStackTrace()) {
                    String where = frame.getClassName() + "." + frame.getMethodName();
                    if (where.equals("dev.cooperativetls.altprovider.Poll.poll")) {
                        return "Poll";
                    }
                    if (where.equals("java.util.concurrent.locks.LockSupport.parkNanos")) {
                        return "Hub";
                    }
                }
                Thread.onSpinWait();
            }
            throw new AssertionError("it ended, and should have waited");
        }
    }
}
