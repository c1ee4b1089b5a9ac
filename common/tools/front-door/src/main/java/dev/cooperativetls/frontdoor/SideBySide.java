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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Runs cells in lanes, side by side. A cell that is expected to be slow waits, with one page at a time, and leaves the
 * processor idle, so any number of them run together. A cell that is expected to be fast makes all its handshakes at
 * once and needs the processor. So one of those runs at a time, and all of them run in the first lane.
 *
 * @param <T> the result of a cell
 */
final class SideBySide<T> {

    /** Where cells are run one after another. */
    interface Lane<T> extends AutoCloseable {

        T run(Cell cell) throws IOException, InterruptedException;

        @Override
        void close();
    }

    interface Opening<T> {
        Lane<T> open() throws IOException;
    }

    private final Opening<T> opening;
    private final Map<Cell, T> done = new ConcurrentHashMap<>();

    /** @param opening opens a lane, in the thread that is to use it */
    SideBySide(Opening<T> opening) {
        this.opening = opening;
    }

    /**
     * Runs the cells; what came of them, in their order. Called once.
     *
     * @param lanes how many at the most
     * @throws IOException what the first that failed has thrown; the others have been interrupted and have ended
     */
    List<T> run(List<Cell> cells, int lanes) throws IOException, InterruptedException {
        Queue<Cell> fast = new ConcurrentLinkedQueue<>();
        Queue<Cell> slow = new ConcurrentLinkedQueue<>();
        // In a single lane they keep their order.
        cells.forEach(cell -> (lanes > 1 && cell.expected().equals(Optional.of(Verdict.SLOW)) ? slow : fast).add(cell));
        int needed = Math.min(lanes, Math.max(1, slow.size() + (fast.isEmpty() ? 0 : 1)));
        ExecutorService threads = Executors.newFixedThreadPool(needed, Thread.ofPlatform().name("lane-", 0).factory());
        try {
            var ended = new ExecutorCompletionService<Void>(threads);
            List<Queue<Cell>> first = List.of(fast, slow);
            Stream.iterate(first, _ -> List.of(slow)).limit(needed).forEach(queues -> ended.submit(() -> lane(queues)));
            for (int lane = 0; lane < needed; lane++) {
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

    private Void lane(List<Queue<Cell>> queues) throws IOException, InterruptedException {
        try (Lane<T> lane = opening.open()) {
            for (Queue<Cell> queue : queues) {
                for (Cell cell; (cell = queue.poll()) != null;) {
                    done.put(cell, lane.run(cell));
                }
            }
        }
        return null;
    }
}
