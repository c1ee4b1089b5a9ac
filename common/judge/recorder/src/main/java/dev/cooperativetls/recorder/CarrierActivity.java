package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The carriers' own activity during a run: when they were idle, and how much CPU time they used.
 *
 * <p>A carrier without work parks. JFR writes a park when it ends, so a carrier's last park, which lasts to the end of
 * the recording, is missing. Nothing is known of the time after the last park that was written.
 */
final class CarrierActivity {

    /** The length of the steps in which CPU time is compared with the samples. */
    static final Duration STEP = Duration.ofMillis(100);

    /** How late a measurement may be, in periods: on a full machine the recorder has to wait for a CPU too. */
    private static final int LATEST_MEASUREMENT = 3;

    private final Interval run;
    private final Map<Long, List<Interval>> parks = new TreeMap<>();
    private final Map<Long, Instant> starts = new HashMap<>();
    private Instant measured = Instant.MIN;
    private Instant measuredBefore = Instant.MIN;
    private Duration period = STEP;
    private final double[] cpuSeconds;
    private final double[] gapSeconds;
    private final Set<Long> known = new TreeSet<>();
    private final Set<Long> alive = new HashSet<>();
    private int mostAtOnce;

    CarrierActivity(Interval run) {
        this.run = run;
        this.cpuSeconds = new double[step(run.to()) + 1];
        this.gapSeconds = new double[cpuSeconds.length];
    }

    void started(long carrier, Instant at) {
        alive(carrier);
        starts.put(carrier, at);
    }

    void ended(long carrier) {
        alive.remove(carrier);
    }

    /** Adds a time in which a carrier had no work. Must be called in chronological order. */
    void parked(long carrier, Interval park) {
        alive(carrier);
        parks.computeIfAbsent(carrier, _ -> new ArrayList<>()).add(park);
    }

    /** Sets how often the threads are measured. On a full machine a measurement may be late. */
    void measuredEvery(Duration period) {
        this.period = period;
    }

    /** Adds a measurement of the CPU time of all threads. Must be called in chronological order. */
    void measured(Instant at) {
        if (at.isAfter(measured)) {
            measuredBefore = measured;
            measured = at;
        }
    }

    /**
     * Adds CPU time that a carrier has used since the measurement before. A measurement of a thread that used none is
     * not in the recording. So the CPU time is spread over a few periods at most, and not over a long wait before them.
     *
     * @param load how many CPUs it used
     */
    void used(long carrier, Instant at, double load) {
        alive(carrier);
        measured(at);
        Instant from = measuredBefore.equals(Instant.MIN) ? at.minus(period)
                : Interval.later(measuredBefore, at.minus(period.multipliedBy(LATEST_MEASUREMENT)));
        Interval part = new Interval(from, at).within(run);
        if (part == null) {
            return;
        }
        double gap = measuredBefore.equals(Instant.MIN) ? 0 : Interval.seconds(Duration.between(measuredBefore, at));
        for (int step = step(part.from()); step <= step(part.to()); step++) {
            gapSeconds[step] = Math.max(gapSeconds[step], gap);
            Instant start = run.from().plus(STEP.multipliedBy(step));
            Interval inStep = part.within(new Interval(start, start.plus(STEP)));
            cpuSeconds[step] += inStep == null ? 0 : load * Interval.seconds(inStep.length());
        }
    }

    /** Returns how many steps away from this one its CPU time may have been used. */
    int reach(int step) {
        double seconds = Math.max(gapSeconds[step], Interval.seconds(period.multipliedBy(LATEST_MEASUREMENT)));
        return (int) Math.ceil(seconds / Interval.seconds(STEP));
    }

    /** Returns the number of the step at this time. */
    int step(Instant time) {
        return (int) (Duration.between(run.from(), time).toNanos() / STEP.toNanos());
    }

    /** Returns the CPU time of all carriers in each step of the run, in seconds. */
    double[] cpuSeconds() {
        return cpuSeconds.clone();
    }

    /** Returns the greatest number of carriers at the same time. */
    int mostAtOnce() {
        return mostAtOnce;
    }

    private void alive(long carrier) {
        known.add(carrier);
        alive.add(carrier);
        mostAtOnce = Math.max(mostAtOnce, alive.size());
    }

    /** Returns the intervals in which at least one carrier is known to be idle, in order and without overlap. */
    List<Interval> free() {
        List<Interval> free = new ArrayList<>();
        parks.values().stream().flatMap(List::stream).sorted(Comparator.comparing(Interval::from)).forEach(park -> {
            if (free.isEmpty() || free.getLast().to().isBefore(park.from())) {
                free.add(park);
            } else {
                Interval last = free.removeLast();
                free.add(new Interval(last.from(), Interval.later(last.to(), park.to())));
            }
        });
        return free;
    }

    /** Returns the intervals in which a carrier is known to be idle, and no carrier is known to have work. */
    List<Interval> idle() {
        record Change(Instant at, int busy, int idle) {}
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<Long, List<Interval>> carrier : parks.entrySet()) {
            carrier.getValue().forEach(park -> {
                changes.add(new Change(park.from(), 0, 1));
                changes.add(new Change(park.to(), 0, -1));
            });
            busy(carrier.getKey()).forEach(work -> {
                changes.add(new Change(work.from(), 1, 0));
                changes.add(new Change(work.to(), -1, 0));
            });
        }
        changes.sort(Comparator.comparing(Change::at));
        List<Interval> idle = new ArrayList<>();
        Instant since = null;
        int busyNow = 0;
        int idleNow = 0;
        for (Change change : changes) {
            busyNow += change.busy;
            idleNow += change.idle;
            if (busyNow == 0 && idleNow > 0) {
                since = since == null ? change.at : since;
            } else if (since != null) {
                idle.add(new Interval(since, change.at));
                since = null;
            }
        }
        return idle.stream().filter(interval -> interval.from().isBefore(interval.to())).toList();
    }

    /** Returns whether each carrier had no work at some time in between. Then no thread kept its carrier. */
    boolean everyCarrierParked(int carriers, Instant from, Instant to) {
        return known.size() >= carriers && known.stream().allMatch(carrier -> parkedIn(carrier, from, to));
    }

    private boolean parkedIn(long carrier, Instant from, Instant to) {
        List<Interval> ofCarrier = parks.getOrDefault(carrier, List.of());
        int first = 0; // the first park that ends after the beginning
        for (int end = ofCarrier.size(); first < end;) {
            int middle = (first + end) >>> 1;
            if (ofCarrier.get(middle).to().isAfter(from)) {
                end = middle;
            } else {
                first = middle + 1;
            }
        }
        return first < ofCarrier.size() && ofCarrier.get(first).from().isBefore(to);
    }

    /**
     * Returns for how long the carriers had work, as far as known.
     *
     * @param shortest shorter intervals do not count
     * @param lastSeen when a virtual thread was seen last; after its last park, a single carrier had work until then
     */
    Duration busy(Duration shortest, Instant lastSeen) {
        Duration busy = Duration.ZERO;
        for (long carrier : known) {
            List<Interval> work = new ArrayList<>(busy(carrier));
            Instant awake = awake(carrier);
            if (known.size() == 1 && awake != null && awake.isBefore(lastSeen)) {
                work.add(new Interval(awake, lastSeen));
            }
            for (Interval interval : work) {
                Interval part = interval.within(run);
                if (part != null && part.length().compareTo(shortest) >= 0) {
                    busy = busy.plus(part.length());
                }
            }
        }
        return busy;
    }

    /** Returns the end of a carrier's last park, or its start if it never parked; null if neither is known. */
    private Instant awake(long carrier) {
        return parks.containsKey(carrier) ? parks.get(carrier).getLast().to() : starts.get(carrier);
    }

    /** Returns the intervals between a carrier's parks. */
    private List<Interval> busy(long carrier) {
        List<Interval> work = new ArrayList<>();
        Instant awake = starts.get(carrier);
        for (Interval park : parks.getOrDefault(carrier, List.of())) {
            if (awake != null && awake.isBefore(park.from())) {
                work.add(new Interval(awake, park.from()));
            }
            awake = park.to();
        }
        return work;
    }
}
