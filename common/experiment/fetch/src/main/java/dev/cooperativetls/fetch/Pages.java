package dev.cooperativetls.fetch;

import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A run, which starts all pages at the same time, each on its own thread. The calling thread collects the results.
 *
 * <p>Only the calling thread reports. It should be a platform thread, because a virtual thread cannot notice the
 * timeout while every carrier is blocked.
 */
final class Pages {

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final RunSettings settings;
    private final ClientSettings clientSettings;
    private final PageClient client;
    private final Consumer<Event> report;
    private final BlockingQueue<Page> done = new LinkedBlockingQueue<>();

    Pages(RunSettings settings, ClientSettings clientSettings, PageClient client, Consumer<Event> report) {
        this.settings = settings;
        this.clientSettings = clientSettings;
        this.client = client;
        this.report = report;
    }

    /**
     * The end of the run.
     *
     * @param started the instant of the start
     * @param interrupted whether Ctrl-C ended the run
     */
    record Finished(Instant started, End end, boolean interrupted) {}

    /**
     * Fetches all pages, unless the timeout or Ctrl-C ends the run before.
     *
     * @param header creates the run's first event from its start time
     * @param atEnd is called when the last page has ended, before the connections are closed
     */
    Finished fetch(Function<Instant, Start> header, Runnable atEnd) {
        try (var _ = new CtrlC()) {
            Duration cpuBefore = cpu();
            var stopwatch = Stopwatch.start();
            report.accept(header.apply(stopwatch.started()));
            Map<Integer, PageRun> runs = new TreeMap<>();
            for (int id = 0; id < settings.urlCount(); id++) {
                runs.put(id, new PageRun(id, settings.page(id), client, clientSettings.readTimeout(), stopwatch,
                        done::add));
            }
            List<Thread> threads = runs.values().stream().map(this::start).toList();
            Finished finished = collect(runs, stopwatch, cpuBefore);
            atEnd.run();
            report.accept(finished.end);
            threads.forEach(Thread::interrupt); // the results of pages that still run are not needed
            close(client);
            return finished;
        }
    }

    private Thread start(PageRun page) {
        var thread = settings.threads().unstarted("page-" + page.id(), page);
        try {
            thread.start();
        } catch (OutOfMemoryError noMoreThreads) {
            done.add(page.snapshot("no thread for this page: " + Reason.of(noMoreThreads)));
        }
        return thread;
    }

    /** Waits for the pages. A page that has not ended at the timeout or at Ctrl-C is invalid. */
    private Finished collect(Map<Integer, PageRun> runs, Stopwatch stopwatch, Duration cpuBefore) {
        var unfinished = new TreeMap<>(runs);
        List<Page> pages = new ArrayList<>();
        String aborted = null;
        boolean timedOut = false;
        while (!unfinished.isEmpty() && aborted == null) {
            try {
                Page page = done.poll(settings.timeout().toNanos() - stopwatch.elapsedNanos(), TimeUnit.NANOSECONDS);
                timedOut = page == null;
                if (timedOut) {
                    aborted = "not done within " + Stopwatch.seconds(settings.timeout());
                } else {
                    unfinished.remove(page.page());
                    pages.add(page);
                    report.accept(page);
                }
            } catch (InterruptedException ctrlC) {
                aborted = "interrupted";
            }
        }
        double elapsed = stopwatch.elapsedSeconds();
        Duration cpu = cpu().minus(cpuBefore);
        for (PageRun run : unfinished.values()) {
            Page page = run.snapshot(aborted);
            pages.add(page);
            report.accept(page);
        }
        int valid = (int) pages.stream().filter(Page::valid).count();
        var end = new End(Instant.now(), elapsed, cpu.isZero() ? null : cpu.toMillis() / 1000.0, valid,
                pages.size() - valid, timedOut, socketClass(runs));
        return new Finished(stopwatch.started(), end, aborted != null && !timedOut);
    }

    /** Returns the class of the sockets; null if it is not known. If the classes differ, it returns all of them. */
    private static String socketClass(Map<Integer, PageRun> runs) {
        String classes = runs.values().stream().map(PageRun::socketClass).filter(Objects::nonNull).distinct().sorted()
                .collect(Collectors.joining(", "));
        return classes.isEmpty() ? null : classes;
    }

    /** Closes a client. It waits for at most one second, because a stuck page may hold a lock that closing needs. */
    static void close(PageClient client) {
        var closing = Thread.ofPlatform().daemon().name("close").start(() -> {
            try {
                client.close();
            } catch (IOException | RuntimeException _) {
                // The run is over, and its pages have been reported.
            }
        });
        try {
            closing.join(LONGEST_CLOSE);
        } catch (InterruptedException ctrlC) {
            // The JVM is ending, and closes the other connections.
        }
    }

    /** Returns the CPU time of this process so far; zero if it is not known. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
