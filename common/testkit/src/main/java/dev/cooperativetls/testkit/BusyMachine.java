package dev.cooperativetls.testkit;

import java.util.List;
import java.util.stream.IntStream;

/** Load that keeps all processors busy until it is closed. */
public final class BusyMachine implements AutoCloseable {

    private final List<Thread> load;

    private BusyMachine(List<Thread> load) {
        this.load = load;
    }

    /** Starts one spinning thread per processor. */
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
