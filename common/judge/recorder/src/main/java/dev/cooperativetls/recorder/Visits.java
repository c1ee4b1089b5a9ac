package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * An estimate of how long threads stayed where they were seen.
 *
 * <p>A pinned park is recorded with its duration. Native code and Java code are only sampled, at ticks. Each tick
 * samples all threads that run Java code, and one thread in native code, in turn. On a busy machine ticks are late.
 *
 * <p>A single sample counts for one turn of the sampler. If a thread is sampled twice within a short time, it counts as
 * on its carrier in between, unless something shows that it was away: its carrier had another thread, or no work. With
 * several carriers it is not known which one had the thread. But if each of them had no work at some time, so had that
 * one.
 */
final class Visits {

    /** How late a tick may be on a busy machine. After a longer time, and after five ticks, a thread may be away. */
    static final Duration LATE = Duration.ofMillis(100);

    private final int carriers;
    private final Duration nativeTick;
    private final Duration javaTick;
    private final List<Sighting> sightings;
    private final NavigableSet<Instant> idleStarts = new TreeSet<>();
    private final NavigableSet<Instant> idleEnds = new TreeSet<>();
    private final List<Charge> charges = new ArrayList<>();
    private final BiPredicate<Instant, Instant> everyCarrierParked;
    private int visits;

    /**
     * A time in which a virtual thread was on its carrier, at a place.
     *
     * @param certain the part of the time that is between two sightings of the visit; the rest is an estimate
     * @param visit a number for each visit
     */
    record Charge(Sighting seen, Duration time, Duration certain, int visit) {}

    private Visits(List<Sighting> sightings, List<Interval> idle, BiPredicate<Instant, Instant> everyCarrierParked,
            int carriers, Duration nativeTick, Duration javaTick) {
        this.everyCarrierParked = everyCarrierParked;
        this.sightings = sightings.stream().sorted(Comparator.comparing(Sighting::at)).toList();
        idle.forEach(interval -> {
            idleStarts.add(interval.from());
            idleEnds.add(interval.to());
        });
        this.carriers = carriers;
        this.nativeTick = nativeTick;
        this.javaTick = javaTick;
    }

    /**
     * Returns for how long virtual threads were on carriers, and where.
     *
     * @param idle when no carrier had work
     * @param everyCarrierParked returns whether each carrier had no work at some time between two given times
     * @param nativeTick the time between samples of one of the threads in native code
     * @param javaTick the time between samples of the threads that run Java code
     */
    static List<Charge> charges(List<Sighting> sightings, List<Interval> idle,
            BiPredicate<Instant, Instant> everyCarrierParked, int carriers, Duration nativeTick, Duration javaTick) {
        var visits = new Visits(sightings, idle, everyCarrierParked, carriers, nativeTick, javaTick);
        visits.charge();
        return visits.charges;
    }

    private void charge() {
        Map<Long, List<Integer>> ofThread = new TreeMap<>();
        Map<Long, Charge> before = new HashMap<>();
        for (int i = 0; i < sightings.size(); i++) {
            Sighting seen = sightings.get(i);
            if (seen.virtual() && seen.isSample()) {
                ofThread.computeIfAbsent(seen.thread(), _ -> new ArrayList<>()).add(i);
            } else if (seen.virtual()) {
                Charge last = before.get(seen.thread());
                boolean goesOn = last != null && last.seen().end().equals(seen.at())
                        && last.seen().place().equals(seen.place()); // a dump's sighting comes in steps
                var charge = new Charge(seen, seen.lasted(), seen.lasted(), goesOn ? last.visit() : ++visits);
                before.put(seen.thread(), charge);
                charges.add(charge);
            }
        }
        for (List<Integer> samples : ofThread.values()) {
            int first = 0;
            for (int i = 1; i <= samples.size(); i++) {
                if (i == samples.size() || !stayed(samples.get(i - 1), samples.get(i))) {
                    charge(samples.subList(first, i));
                    first = i;
                }
            }
        }
    }

    private void estimate(Sighting seen, Duration time) {
        charges.add(new Charge(seen, time, Duration.ZERO, visits));
    }

    /** Adds the charges of one visit, from the first sample after the thread was away to the last sample before. */
    private void charge(List<Integer> visit) {
        visits++;
        for (int i = 1; i < visit.size(); i++) {
            Sighting one = sightings.get(visit.get(i - 1));
            Sighting other = sightings.get(visit.get(i));
            Duration half = Duration.between(one.at(), other.at()).dividedBy(2);
            charges.add(new Charge(one, half, half, visits));
            charges.add(new Charge(other, half, half, visits));
        }
        int first = visit.getFirst();
        int last = visit.getLast();
        Duration came = sinceIdle(first);
        Duration went = untilIdle(last);
        if (visit.size() == 1 && came.plus(went).compareTo(turn(first)) < 0) {
            estimate(sightings.get(first), turn(first)); // because most visits as short as this are not sampled
        } else {
            estimate(sightings.get(first), came);
            estimate(sightings.get(last), went);
        }
    }

    /** Returns how long before this sample the carrier's work began; half a turn if the carrier had another thread. */
    private Duration sinceIdle(int index) {
        Instant came = idleEnds.floor(sightings.get(index).at());
        return came == null || somethingElse(index, -1, came) ? turn(index).dividedBy(2)
                : Duration.between(came, sightings.get(index).at());
    }

    private Duration untilIdle(int index) {
        Instant went = idleStarts.ceiling(sightings.get(index).at());
        return went == null || somethingElse(index, 1, went) ? turn(index).dividedBy(2)
                : Duration.between(sightings.get(index).at(), went);
    }

    /** Returns whether the carrier may have had another thread between a sample and that time. */
    private boolean somethingElse(int index, int direction, Instant time) {
        Sighting seen = sightings.get(index);
        for (int i = index + direction; i >= 0 && i < sightings.size(); i += direction) {
            Sighting other = sightings.get(i);
            if (direction < 0 ? other.end().isBefore(time) : other.at().isAfter(time)) {
                break;
            }
            if (other.virtual() && (carriers == 1 || other.thread() == seen.thread())) {
                return true;
            }
        }
        return Duration.between(seen.at(), time).abs().compareTo(late(seen)) > 0;
    }

    /** Returns whether nothing shows that a thread left its carrier between two of its samples. */
    private boolean stayed(int first, int second) {
        Sighting one = sightings.get(first);
        Sighting other = sightings.get(second);
        boolean bothNative = one.isNative() && other.isNative();
        Set<Long> turns = new HashSet<>();
        for (Sighting between : sightings.subList(first + 1, second)) {
            if (between.virtual() && (carriers == 1 || !between.isSample() && between.thread() == one.thread())) {
                return false; // the only carrier had another thread, or this thread parked
            }
            if (bothNative && between.isNative() && !turns.add(between.thread())) {
                return false; // another thread was sampled twice, so this one was passed over
            }
        }
        Duration silence = Duration.between(one.at(), other.at()).dividedBy(turns.size() + 1);
        Instant idle = idleStarts.higher(one.at());
        return silence.compareTo(late(one)) <= 0 && (idle == null || idle.isAfter(other.at()))
                && !everyCarrierParked.test(one.at(), other.at());
    }

    private Duration late(Sighting seen) {
        Duration ticks = (seen.isNative() ? nativeTick : javaTick).multipliedBy(5);
        return ticks.compareTo(LATE) > 0 ? ticks : LATE;
    }

    /** Returns how long it takes until the sampler returns to the same thread. */
    private Duration turn(int index) {
        if (!sightings.get(index).isNative()) {
            return javaTick;
        }
        Set<Long> virtual = new HashSet<>();
        Set<Long> platform = new HashSet<>();
        Instant next = sightings.get(index).at();
        for (int i = index; i >= 0; i--) {
            Sighting seen = sightings.get(i);
            if (seen.isNative() && seen.isSample()) {
                if (seen.at().isBefore(next.minus(late(seen)))
                        || !(seen.virtual() ? virtual : platform).add(seen.thread())) {
                    break;
                }
                next = seen.at();
            }
        }
        // There are never more virtual threads in native code than carriers.
        return nativeTick.multipliedBy(platform.size() + Math.min(virtual.size(), carriers));
    }
}
