package dev.cooperativetls.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Many concurrent visitors, each of which requests correct and faulty pages one after another. */
final class LongRun {

    static final int AT_ONCE = 200;

    /** The time limit for the last pages. */
    private static final long ENDING_SECONDS = 180;

    private final List<Visitor> visitors = new ArrayList<>();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong right = new AtomicLong();
    private final AtomicLong faulty = new AtomicLong();
    private final Map<String, Long> longestMillis = new ConcurrentHashMap<>();
    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final List<Usage> samples = new ArrayList<>();

    /** Creates the visitors, on virtual threads if the form lets their waits overlap, otherwise on platform threads. */
    LongRun(WrapperForm form, FaultyPages pages) throws Exception {
        for (String call : SocketMode.READ_CALLS) {
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                for (String engine : SocketMode.ENGINES) {
                    var virtual = new SocketMode(call, engine, protocol, true);
                    visitors.add(new Visitor(form, virtual.onThreads(!form.blocksCarrier(virtual)), pages));
                }
            }
        }
    }

    /** Runs for this time. A page that was started and has not ended at the end is lost. */
    void run(Duration duration) throws InterruptedException, IOException {
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        CountDownLatch running = new CountDownLatch(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            Visitor visitor = visitors.get(i % visitors.size());
            RandomGenerator random = new SplittableRandom(i);
            visitor.mode().start(() -> {
                try {
                    while (System.nanoTime() < end && wrong.isEmpty()) {
                        visit(visitor, random);
                    }
                } finally {
                    running.countDown();
                }
            });
        }
        long interval = Math.min(TimeUnit.MINUTES.toNanos(1), duration.toNanos() / 4);
        for (long at = begin + interval; at <= end; at += interval) {
            if (running.await(at - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                break;
            }
            sample(begin);
        }
        if (!running.await(ENDING_SECONDS, TimeUnit.SECONDS)) {
            wrong.add(new AssertionError(running.getCount() + " visitors do not end"));
        }
    }

    private void visit(Visitor visitor, RandomGenerator random) {
        long begin = System.nanoTime();
        String what = "right pages";
        try {
            if (random.nextInt(4) == 0) {
                Fault[] faults = Fault.values();
                Fault fault = faults[random.nextInt(visitor.mode().virtual() ? faults.length : faults.length - 1)];
                what = fault.toString();
                started.incrementAndGet();
                visitor.meet(fault);
                faulty.incrementAndGet();
            } else {
                List<Integer> lengths = Stream.generate(() -> 1 + (int) Math.pow(300_000, random.nextDouble()))
                        .limit(random.nextInt(1, 6)).toList();
                started.addAndGet(lengths.size());
                visitor.read(lengths);
                right.addAndGet(lengths.size());
            }
        } catch (Exception | AssertionError e) {
            e.addSuppressed(new AssertionError(visitor.mode().toString()));
            wrong.add(e);
        }
        longestMillis.merge(what, Duration.ofNanos(System.nanoTime() - begin).toMillis(), Math::max);
    }

    private void sample(long begin) throws IOException {
        Usage usage = Usage.now();
        samples.add(usage);
        System.out.printf("after %s s: %s%n", Duration.ofNanos(System.nanoTime() - begin).toSeconds(), this);
    }

    List<Throwable> wrong() {
        return List.copyOf(wrong);
    }

    /** Returns the number of pages that were started and have no known end. */
    long lost() {
        return started.get() - right.get() - faulty.get();
    }

    /** Returns the duration of the longest visit of each kind, in milliseconds. */
    Map<String, Long> longestMillis() {
        return new TreeMap<>(longestMillis);
    }

    /** Returns the samples of the run, which have equal intervals. */
    List<Usage> samples() {
        return samples;
    }

    @Override
    public String toString() {
        return "%s pages, %s right, %s failed as expected, %s wrong visits%s".formatted(
                started.get(), right.get(), faulty.get(), wrong.size(),
                samples.isEmpty() ? "" : "; " + samples.getLast());
    }
}
