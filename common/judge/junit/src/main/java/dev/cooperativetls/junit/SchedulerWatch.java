package dev.cooperativetls.junit;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Asks the scheduler again and again how many virtual threads have to wait for a carrier. The recording tells who held
 * the carriers; this tells who had to wait for them.
 */
final class SchedulerWatch {

    private static final Duration PERIOD = Duration.ofMillis(5);

    /** After a longer pause, of the garbage collector or of a busy machine, nothing is known of the time between. */
    private static final Duration LATE = Duration.ofMillis(50);

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final List<Moment> starved = new ArrayList<>();
    private int watchers;

    /**
     * A moment at which all carriers had a thread and others had to wait.
     *
     * @param since how long this is known to have been so
     * @param queued how many virtual threads had to wait
     */
    record Moment(Instant at, Duration since, long queued) {}

    /** Returns how many carriers the scheduler has. */
    int parallelism() {
        return scheduler.getParallelism();
    }

    synchronized void begin() {
        if (watchers++ == 0) {
            starved.clear();
            Thread.ofPlatform().daemon().name("cooperative-tls-scheduler-watch").start(this::watch);
        }
    }

    synchronized void end() {
        watchers--;
    }

    /** Returns such moments between two times. */
    synchronized List<Moment> starved(Instant from, Instant to) {
        return starved.stream().filter(one -> !one.at().isBefore(from) && !one.at().isAfter(to)).toList();
    }

    private void watch() {
        Instant before = null; // when all carriers had a thread and others had to wait, too
        while (isWanted()) {
            long queued = scheduler.getQueuedVirtualThreadCount();
            boolean full = scheduler.getMountedVirtualThreadCount() >= scheduler.getParallelism();
            Instant now = Instant.now();
            if (full && queued > 0) {
                Duration since = before == null ? Duration.ZERO : Duration.between(before, now);
                add(new Moment(now, since.compareTo(LATE) > 0 ? Duration.ZERO : since, queued));
            }
            before = full && queued > 0 ? now : null;
            try {
                Thread.sleep(PERIOD);
            } catch (InterruptedException _) {
                return; // nobody does so, but a daemon need not insist
            }
        }
    }

    private synchronized boolean isWanted() {
        return watchers > 0;
    }

    private synchronized void add(Moment moment) {
        starved.add(moment);
    }
}
