package dev.cooperativetls.fetch;

import dev.cooperativetls.fetch.Report.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.io.CloseMode;

/**
 * The run: every page on a thread of its own, all started at once, and the calling thread, which collects them.
 *
 * <p>The calling thread alone reports. It should be a platform thread: with every carrier held no virtual thread would
 * notice that the time is up.
 */
final class Pages {

    private final Settings settings;
    private final PageClient client;
    private final Report report;
    private final BlockingQueue<Page> done = new LinkedBlockingQueue<>();

    Pages(Settings settings, PageClient client, Report report) {
        this.settings = settings;
        this.client = client;
        this.report = report;
    }

    /**
     * Fetches them all, or as many as the time and Ctrl-C allow.
     *
     * @param atEnd is run when the last page has ended, before the connections are closed
     */
    End fetch(Runnable atEnd) {
        PageBody.prepare();
        try (var _ = new CtrlC(); var deadlines = new Deadlines(settings.bounds())) {
            Duration before = cpu();
            var stopwatch = Stopwatch.start();
            report.start(stopwatch.started());
            var unfinished = new TreeMap<Integer, PageRun>();
            for (int id = 0; id < settings.urlCount(); id++) {
                unfinished.put(id, new PageRun(id, settings.page(id), client, stopwatch, deadlines, done::add));
            }
            unfinished.values().forEach(this::start);
            End end = collect(unfinished, stopwatch, before);
            atEnd.run();
            report.end(end);
            unfinished.values().forEach(PageRun::abandon);
            client.close(unfinished.isEmpty() ? CloseMode.GRACEFUL : CloseMode.IMMEDIATE);
            return end;
        }
    }

    private void start(PageRun page) {
        try {
            settings.threads().unstarted("page-" + page.id(), page).start();
        } catch (OutOfMemoryError noMoreThreads) {
            done.add(page.snapshot("no thread for it: " + Reason.of(noMoreThreads)));
        }
    }

    /** Waits for the pages, taking them from {@code unfinished}; those that are still there at the end are invalid. */
    private End collect(TreeMap<Integer, PageRun> unfinished, Stopwatch stopwatch, Duration cpuBefore) {
        List<Page> pages = new ArrayList<>();
        String cut = null;
        boolean timedOut = false;
        while (!unfinished.isEmpty() && cut == null) {
            try {
                Page page = done.poll(settings.timeout().toNanos() - stopwatch.elapsedNanos(), TimeUnit.NANOSECONDS);
                timedOut = page == null;
                if (timedOut) {
                    cut = "not done within " + Bound.seconds(settings.timeout());
                } else {
                    unfinished.remove(page.id());
                    pages.add(page);
                    report.page(page);
                }
            } catch (InterruptedException ctrlC) {
                cut = "interrupted";
            }
        }
        double elapsed = stopwatch.elapsedSeconds();
        Duration cpu = cpu().minus(cpuBefore);
        for (PageRun run : unfinished.values()) {
            Page page = run.snapshot(cut);
            pages.add(page);
            report.page(page);
        }
        pages.sort(Comparator.comparingInt(Page::id));
        return new End(stopwatch.started(), elapsed, cpu, pages, timedOut, cut != null && !timedOut);
    }

    /** What this process has taken so far; zero where the system does not tell. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
