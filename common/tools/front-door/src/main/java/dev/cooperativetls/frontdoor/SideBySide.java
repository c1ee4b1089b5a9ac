package dev.cooperativetls.frontdoor;

import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/**
 * Runs cells side by side. A cell that is expected to be slow waits, with one page at a time, and leaves the processor
 * idle, so any number of them run at the same time. A cell that is expected to be fast makes all its handshakes at once
 * and needs the processor, so one of those runs at a time. The first starts when the slow ones have begun, because a
 * JVM that starts needs the processor too. The next starts when the pages of the last have ended, while the recording
 * is still being read.
 *
 * @param <T> the result of a cell
 */
final class SideBySide<T> {

    /** Runs one cell. */
    interface Run<T> {

        /**
         * Runs the cell. A second call of each action changes nothing.
         *
         * @param begun to be called when the cell's JVM has started
         * @param over to be called when the cell's pages have ended
         */
        T of(Cell cell, Runnable begun, Runnable over) throws IOException, InterruptedException;
    }

    private final Run<T> run;
    private final Queue<Cell> fast = new ConcurrentLinkedQueue<>();
    private final Queue<Cell> slow = new ConcurrentLinkedQueue<>();
    private final Map<Cell, T> done = new ConcurrentHashMap<>();
    private final Semaphore fastTurn = new Semaphore(1);

    private SideBySide(Run<T> run) {
        this.run = run;
    }

    /**
     * Runs the cells and returns their results in the order of the cells.
     *
     * @param jobs the greatest number of cells at a time; 1 runs them in their order
     * @throws IOException if a cell's run throws it: that of the first that failed; the others have been interrupted
     *     and have ended
     * @throws InterruptedException if the calling thread or a cell's run is interrupted; all runs have ended
     */
    static <T> List<T> run(List<Cell> cells, int jobs, Run<T> run) throws IOException, InterruptedException {
        return new SideBySide<>(run).run(cells, jobs);
    }

    private List<T> run(List<Cell> cells, int jobs) throws IOException, InterruptedException {
        cells.forEach(cell -> (jobs > 1 && cell.expected().equals(Optional.of(Verdict.SLOW)) ? slow : fast).add(cell));
        int fastJobs = Math.min(jobs > 1 ? 2 : 1, fast.size()); // the second reads a recording, or waits for its turn
        int slowJobs = Math.min(jobs - Math.min(1, fastJobs), slow.size());
        var slowBegun = new CountDownLatch(slowJobs);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("job-", 0).factory());
        try {
            var ended = new ExecutorCompletionService<Void>(threads);
            for (int job = 0; job < slowJobs; job++) {
                ended.submit(() -> runSlow(slowBegun));
            }
            for (int job = 0; job < fastJobs; job++) {
                ended.submit(() -> {
                    slowBegun.await();
                    runFast();
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
        Runnable begun = once(slowBegun::countDown);
        for (Cell cell; (cell = slow.poll()) != null;) {
            done.put(cell, run.of(cell, begun, () -> {}));
        }
        begun.run(); // if there was no cell left for this job
        return null;
    }

    private void runFast() throws IOException, InterruptedException {
        while (true) {
            fastTurn.acquire();
            Runnable over = once(fastTurn::release);
            try {
                Cell cell = fast.poll();
                if (cell == null) {
                    return;
                }
                done.put(cell, run.of(cell, () -> {}, over));
            } finally {
                over.run();
            }
        }
    }

    private static Runnable once(Runnable action) {
        var done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }
}
