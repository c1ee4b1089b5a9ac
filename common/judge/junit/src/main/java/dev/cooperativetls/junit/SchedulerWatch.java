package dev.cooperativetls.junit;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * An observer of the scheduler, which reads repeatedly how many virtual threads are on a carrier, and how many have to
 * wait for one. The recording shows which threads are on carriers, unless its sampler is late.
 */
final class SchedulerWatch {

    private static final Duration PERIOD = Duration.ofMillis(5);

    /** After a longer pause, by garbage collection or a busy machine, the time between two readings is unknown. */
    static final Duration LATE = Duration.ofMillis(50);

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final List<Moment> busy = new ArrayList<>();
    private int watchers;
    private Thread watcher;

    /**
     * A moment at which a virtual thread was on a carrier.
     *
     * @param since when this began, as far as known
     * @param delayed for how long a carrier has had to wait for a CPU since then
     * @param queued how many virtual threads had to wait because no carrier was free
     */
    record Moment(Instant at, Instant since, Duration delayed, long queued) {

        Duration lasted() {
            return Duration.between(since, at);
        }
    }

    /** Returns the number of the scheduler's carriers. */
    int parallelism() {
        return scheduler.getParallelism();
    }

    synchronized void begin() {
        if (watchers++ == 0) {
            busy.clear();
            watcher = Thread.ofPlatform().daemon().name("cooperative-tls-scheduler-watch").unstarted(this::watch);
            watcher.start();
        }
    }

    synchronized void end() {
        watchers--;
    }

    /** Returns the moments between two times. */
    synchronized List<Moment> busy(Instant from, Instant to) {
        return busy.stream().filter(one -> !one.at().isBefore(from) && !one.at().isAfter(to)).toList();
    }

    private void watch() {
        var delay = new CpuDelay();
        Duration delayed = Duration.ZERO;
        Instant before = Instant.MIN;
        Instant since = null;
        while (isWanted()) {
            long mounted = scheduler.getMountedVirtualThreadCount();
            long queued = scheduler.getQueuedVirtualThreadCount();
            Instant now = Instant.now();
            Duration more = delay.sinceLast();
            if (mounted > 0) {
                boolean goesOn = since != null && !now.isAfter(before.plus(LATE));
                delayed = goesOn ? delayed.plus(more) : Duration.ZERO;
                since = goesOn ? since : now;
                add(new Moment(now, since, delayed, mounted >= scheduler.getParallelism() ? queued : 0));
            } else {
                since = null;
            }
            before = now;
            try {
                Thread.sleep(PERIOD);
            } catch (InterruptedException _) {
                return; // this thread is never interrupted
            }
        }
    }

    /** Returns whether this thread should continue. If a new watch began while it slept, the new thread replaces it. */
    private synchronized boolean isWanted() {
        return watchers > 0 && watcher == Thread.currentThread();
    }

    private synchronized void add(Moment moment) {
        if (isWanted()) {
            busy.add(moment);
        }
    }
}
