package dev.cooperativetls.detectors;

import dev.cooperativetls.fetch.Fetch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The program that a detector watches. Its virtual threads share one carrier. */
enum WatchedProgram {

    /** The fetch of stage-01: ten pages over the provider that waits in {@code poll(2)}. */
    NATIVE_WAIT("native wait", "0.5"),
    /** Threads that park with a native frame on their stacks. */
    PIN("pin", Pin::park),
    /** Threads that compute. */
    COMPUTING("computing", Computation::compute),
    /** The fetch of stage-00: ten pages over the JDK's own TLS, whose waits overlap. */
    NOTHING("nothing", "2");

    static final int PAGES = 10;
    static final int THREADS = 5;
    private static final Duration TIME = Duration.ofMillis(400);

    private final String title;
    /** How long the server delays each page, in seconds; null if the program fetches nothing. */
    private final String delay;
    /** The work of each thread; null if the program fetches pages. */
    private final Consumer<Duration> work;

    WatchedProgram(String title, String delay) {
        this.title = title;
        this.delay = delay;
        this.work = null;
    }

    WatchedProgram(String title, Consumer<Duration> work) {
        this.title = title;
        this.delay = null;
        this.work = work;
    }

    String delay() {
        return delay;
    }

    boolean fetches() {
        return delay != null;
    }

    /** Returns the greatest number of in-flight requests. */
    int peak() {
        return switch (this) {
            case NATIVE_WAIT -> 1;
            case NOTHING -> PAGES;
            case PIN, COMPUTING -> 0;
        };
    }

    /** Runs the program to its end. */
    void run() throws InterruptedException {
        if (fetches()) {
            fetch(PAGES, System.getProperty("program.url"));
        } else {
            runThreads(Runnable::run, () -> {});
        }
    }

    /**
     * Runs the program to its end.
     *
     * @param atItsHeight a platform thread calls it when a thread blocks the carrier while others wait for it, or when
     *     all pages wait together. A thread that computes or parks continues until it returns.
     */
    void run(Runnable atItsHeight) throws InterruptedException {
        var begun = new CountDownLatch(2); // all threads are started, and the first of them has the carrier
        Thread observer = Thread.ofPlatform().start(() -> {
            if (fetches()) {
                awaitLine();
            } else {
                await(begun);
            }
            atItsHeight.run();
        });
        if (fetches()) {
            run();
        } else {
            runThreads(thread -> {
                begun.countDown();
                do {
                    thread.run();
                } while (observer.isAlive());
            }, begun::countDown);
        }
        observer.join();
    }

    /**
     * Runs the threads of a program that fetches nothing.
     *
     * @param around gets the work of each thread, and must run it
     * @param onceStarted is called when all threads have been started
     */
    void runThreads(Consumer<Runnable> around, Runnable onceStarted) throws InterruptedException {
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(_ -> Thread.startVirtualThread(() -> around.accept(() -> work.accept(TIME)))).toList();
        onceStarted.run();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Loads the classes of the program, so that a detector does not see the loading. */
    void warmUp() {
        if (fetches()) {
            fetch(2, System.getProperty("program.url").replaceFirst("/delay/.*", "/delay/0"));
        } else {
            work.accept(Duration.ofNanos(1));
        }
    }

    private static void fetch(int pages, String url) {
        int exitCode = Fetch.run(new PrintStream(OutputStream.nullOutputStream()), System.err, "--url", url,
                "--ca-file", System.getProperty("program.ca-file"), "--url-count", Integer.toString(pages),
                "--channel-sockets");
        if (exitCode != 0) {
            throw new IllegalStateException("fetch ended with exit code " + exitCode);
        }
    }

    /** Waits for a line from the test, because only its server counts the in-flight requests. */
    private static void awaitLine() {
        try {
            if (System.in.read() < 0) {
                throw new IllegalStateException("the test has ended");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("this thread is never interrupted", e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
