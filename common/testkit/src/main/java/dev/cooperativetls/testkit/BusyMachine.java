package dev.cooperativetls.testkit;

import java.util.List;
import java.util.stream.IntStream;

/** All processors are kept busy until this is closed. */
public final class BusyMachine implements AutoCloseable {

    private final List<Thread> load;

    private BusyMachine(List<Thread> load) {
        this.load = load;
    }

    /** Starts one thread per processor that only uses it. */
    public static BusyMachine start() {
        return new BusyMachine(IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(_ -> Thread.ofPlatform().daemon().start(() -> {
                    while (!Thread.interrupted()) {
                        Thread.onSpinWait();
                    }
                })).toList());
    }

    @Override
    public void close() {
        load.forEach(Thread::interrupt);
    }
}
