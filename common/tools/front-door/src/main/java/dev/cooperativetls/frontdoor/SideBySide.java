package dev.cooperativetls.frontdoor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Runs cells concurrently. A slow cell waits for one page at a time and leaves the processor idle, so any number of
 * slow cells run at the same time. Any other cell may be fast. A fast cell makes all its handshakes at once and needs
 * the processor, so only one of them runs at a time. While it runs, the JVM of the next one starts and waits for its
 * turn. The first fast cell waits until the slow cells have begun, because a starting JVM needs the processor too.
 *
 * @param <C> a cell
 * @param <T> the result of a cell
 */
public final class SideBySide<C, T> {

    /** Runs one cell. */
    public interface Run<C, T> {

        /**
         * Runs the cell.
         *
         * @param turn the cell's turn; the run must call it when it begins and ends
         */
        T of(C cell, Turn turn) throws IOException, InterruptedException;
    }

    /** A cell's permission to run. One thread uses it, but any thread may call {@link #over}. */
    public interface Turn {

        /** Waits until the cell's run may begin. Its JVM may already have started. */
        default void await() throws InterruptedException {}

        /** Reports that the cell's run has begun. */
        default void begun() {}

        /** Reports that the cell's pages have ended or that the cell is slow. A second call changes nothing. */
        default void over() {}
    }

    private final Predicate<C> isSlow;
    private final Run<C, T> run;
    private final Queue<C> fast = new ConcurrentLinkedQueue<>();
    private final Queue<C> slow = new ConcurrentLinkedQueue<>();
    private final Map<C, T> done = new ConcurrentHashMap<>();
    private final Semaphore start = new Semaphore(1, true);
    private final Semaphore fastTurn = new Semaphore(1, true);

    private SideBySide(Predicate<C> isSlow, Run<C, T> run) {
        this.isSlow = isSlow;
        this.run = run;
    }

    /**
     * Runs the cells and returns their results in the order of the cells.
     *
     * @param cells the cells, no two of which are equal
     * @param jobs the greatest number of concurrent cells; 1 runs them in their order
     * @param isSlow whether a cell is expected to be slow
     * @param run runs a cell; it must be thread-safe
     * @throws IOException if a cell's run throws it; the other runs are interrupted, and have ended
     * @throws InterruptedException if the calling thread or a cell's run is interrupted; all runs have ended
     */
    public static <C, T> List<T> run(List<C> cells, int jobs, Predicate<C> isSlow, Run<C, T> run)
            throws IOException, InterruptedException {
        return new SideBySide<>(isSlow, run).run(cells, jobs);
    }

    private List<T> run(List<C> cells, int jobs) throws IOException, InterruptedException {
        cells.forEach(cell -> (jobs > 1 && isSlow.test(cell) ? slow : fast).add(cell));
        int fastJobs = jobs > 1 ? fast.size() : Math.min(1, fast.size()); // one starts, one runs, the rest wait
        int slowJobs = Math.min(jobs - Math.min(1, fastJobs), slow.size());
        var slowBegun = new CountDownLatch(slowJobs);
        var fastEnded = new CountDownLatch(fast.size());
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("job-", 0).factory());
        try {
            var ended = new ExecutorCompletionService<Void>(threads);
            for (int job = 0; job < slowJobs; job++) {
                ended.submit(() -> runSlow(slowBegun));
            }
            for (int job = 0; job < fastJobs; job++) {
                boolean first = job == 0;
                ended.submit(() -> {
                    runFast(slowBegun, fastEnded);
                    if (!first) {
                        return null;
                    }
                    fastEnded.await(); // otherwise there would be one cell more than jobs
                    return runSlow(slowBegun);
                });
            }
            for (int job = 0; job < slowJobs + fastJobs; job++) {
                ended.take().get();
            }
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } finally {
            threads.shutdownNow();
            threads.close();
        }
        List<T> inOrder = new ArrayList<>();
        cells.forEach(cell -> inOrder.add(done.get(cell)));
        return inOrder;
    }

    private Void runSlow(CountDownLatch slowBegun) throws IOException, InterruptedException {
        var first = new AtomicBoolean(true);
        Runnable begun = () -> {
            if (first.getAndSet(false)) {
                slowBegun.countDown();
            }
        };
        for (C cell; (cell = slow.poll()) != null;) {
            done.put(cell, run.of(cell, new Turn() {
                @Override
                public void begun() {
                    begun.run();
                }
            }));
        }
        begun.run(); // in case there was no cell left for this job
        return null;
    }

    private void runFast(CountDownLatch slowBegun, CountDownLatch fastEnded) throws IOException, InterruptedException {
        for (C cell; (cell = fast.poll()) != null;) {
            start.acquire();
            var turn = new FastTurn(slowBegun);
            try {
                done.put(cell, run.of(cell, turn));
            } finally {
                turn.started();
                turn.over();
                fastEnded.countDown();
            }
        }
    }

    /** The turn of a fast cell. Only one fast cell at a time has its turn. */
    private final class FastTurn implements Turn {

        private final CountDownLatch slowBegun;
        private boolean starting = true;
        private boolean taken;

        FastTurn(CountDownLatch slowBegun) {
            this.slowBegun = slowBegun;
        }

        @Override
        public void await() throws InterruptedException {
            slowBegun.await();
            fastTurn.acquire();
            synchronized (this) {
                taken = true;
            }
            started();
        }

        /** Allows the JVM of the next cell to start. */
        private void started() {
            if (starting) {
                starting = false;
                start.release();
            }
        }

        @Override
        public synchronized void over() {
            if (taken) {
                taken = false;
                fastTurn.release();
            }
        }
    }
}
