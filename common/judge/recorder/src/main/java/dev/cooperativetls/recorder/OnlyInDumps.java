package dev.cooperativetls.recorder;

import dev.cooperativetls.recorder.Sighting.How;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sightings that only the thread dumps contain. The event of a pinned park is written when the park ends, which may
 * never happen. A wait inside the JVM has no event at all. A thread that a late sampler merely missed may be in one
 * dump, but it is not in two.
 *
 * @param sightings the sightings in the events
 * @param idle when no carrier had work
 */
record OnlyInDumps(List<ThreadDump> dumps, List<Sighting> sightings, List<Interval> idle, Interval run, int carriers) {

    /** A thread that stays in native code is sampled within this time, even if many threads take turns. */
    private static final Duration NEAR = Duration.ofMillis(400);

    /** How often a thread that runs Java code is sampled at least around a dump: 80 times on a quiet machine. */
    private static final long OFTEN = 8;

    /** Returns the sightings that only dumps show. Each lasts from the middle between two dumps to the next middle. */
    List<Sighting> shown() {
        List<Sighting> shown = new ArrayList<>();
        List<Map<Long, Sighting>> unseen = dumps.stream().map(this::onlyIn).toList();
        for (int i = 0; i < dumps.size(); i++) {
            Instant before = i == 0 ? dumps.get(i).at() : middle(dumps.get(i - 1).at(), dumps.get(i).at());
            Instant after = i == dumps.size() - 1 ? run.to() : middle(dumps.get(i).at(), dumps.get(i + 1).at());
            Interval part = new Interval(before, after).within(run);
            for (Sighting seen : unseen.get(i).values()) {
                if (cannotBeSampled(seen)
                        || i > 0 && isAlsoIn(unseen.get(i - 1), seen)
                        || i < dumps.size() - 1 && isAlsoIn(unseen.get(i + 1), seen)) {
                    stay(seen, part).ifPresent(stay -> shown.addAll(seen.during(stay, CarrierActivity.STEP)));
                }
            }
        }
        return shown;
    }

    /** Returns whether the thread is parked or waits for a class. Elsewhere only a late sampler would miss it. */
    private boolean cannotBeSampled(Sighting seen) {
        return seen.how() == How.PINNED
                && sightings.stream().noneMatch(one -> one.isSample() && one.place().equals(seen.place()));
    }

    private static boolean isAlsoIn(Map<Long, Sighting> dump, Sighting seen) {
        return dump.containsKey(seen.thread()) && dump.get(seen.thread()).place().equals(seen.place());
    }

    /** Returns the part of that time in which the thread can have stayed there, because its carrier had no other. */
    private Optional<Interval> stay(Sighting seen, Interval part) {
        Stream<Interval> others = sightings.stream()
                .filter(one -> carriers == 1 && one.virtual() && one.thread() != seen.thread())
                .map(one -> new Interval(one.at(), one.end()));
        Instant from = part.from();
        Instant to = part.to();
        for (Interval away : Stream.concat(idle.stream(), others).toList()) {
            if (!away.to().isAfter(seen.at())) {
                from = Interval.later(from, away.to());
            } else if (!away.from().isBefore(seen.at())) {
                to = Interval.earlier(to, away.from());
            } else {
                return Optional.empty();
            }
        }
        return from.isBefore(to) ? Optional.of(new Interval(from, to)) : Optional.empty();
    }

    /** Returns the threads of this dump that have no event near it. */
    private Map<Long, Sighting> onlyIn(ThreadDump dump) {
        Map<Long, Sighting> seen = new HashMap<>();
        if (run.contains(dump.at())) {
            var near = new Interval(dump.at().minus(NEAR), dump.at().plus(NEAR));
            dump.threads().forEach((thread, mounted) -> {
                Map<How, Long> known = sightings.stream()
                        .filter(one -> one.thread() == thread && one.isWithin(near))
                        .collect(Collectors.groupingBy(Sighting::how, Collectors.counting()));
                if (!known.containsKey(How.NATIVE) && !known.containsKey(How.PINNED)
                        && known.getOrDefault(How.JAVA, 0L) < OFTEN) {
                    seen.put(thread, dumped(dump.at(), thread, mounted));
                }
            });
        }
        return seen;
    }

    /**
     * Returns the sighting of a thread in a dump. A thread that is neither sampled nor parked waits for a lock or for
     * memory inside the JVM, or computes.
     */
    private static Sighting dumped(Instant at, long thread, ThreadDump.Mounted mounted) {
        Sighting pinned = Sighting.pinned(new Interval(at, at), thread, mounted.stack(), mounted.waitsFor());
        return mounted.waitsFor() != null || mounted.stack().isParked() ? pinned
                : new Sighting(at, thread, true, How.UNSAMPLED, pinned.place(), Duration.ZERO, mounted.stack(),
                        false, "waiting inside the JVM");
    }

    private static Instant middle(Instant one, Instant other) {
        return one.plus(Duration.between(one, other).dividedBy(2));
    }
}
