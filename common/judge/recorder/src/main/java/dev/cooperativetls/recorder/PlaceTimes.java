package dev.cooperativetls.recorder;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.Sighting.How;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The sums of the time at each place. The kind of a place follows from its sum, and not from one sample. */
final class PlaceTimes {

    /** The name of the block that many class initialisers make together. */
    static final String CLASS_INITIALISERS = "class initialisers";

    /** A smaller unseen share may be an error of the estimate. */
    private static final double LEAST_UNSEEN = 0.1;

    /** A thread outside Java code computes if it uses this much of a CPU. */
    private static final double COMPUTES = 0.5;

    /** The same if threads have to wait for a CPU. A thread that waits in a system call uses no CPU at all. */
    private static final double COMPUTES_ON_A_FULL_MACHINE = 0.1;

    /** A thread that uses less may wait, or may compute and hardly ever get a CPU. */
    private static final double MAYBE_COMPUTES_ON_A_FULL_MACHINE = 0.02;

    private final List<Visits.Charge> charges;
    private final boolean machineIsFull;
    private final double[] cpuInNative;
    private final CarrierActivity activity;
    private final boolean spareCarriers;
    private final NavigableMap<Instant, Instant> free = new TreeMap<>();
    /** The class initialisers that are reported as one block, and the name of that block. */
    private final Map<String, String> merged = new HashMap<>();

    /** The sums of one place. Times are in seconds. */
    private static final class Place {

        private final Map<How, Double> seconds = new EnumMap<>(How.class);
        private final Map<String, Double> notes = new HashMap<>();
        private double computingOutsideJava;
        private double maybeComputingOutsideJava;
        private double inInputOrOutput;
        private double compensated;
        private double costly;
        private Visits.Charge longest;
        private final Map<Integer, Double> visits = new HashMap<>();
        private final Set<Sighting> seen = Collections.newSetFromMap(new IdentityHashMap<>());

        double seconds(How how) {
            return seconds.getOrDefault(how, 0.0);
        }

        double total() {
            return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        /** Returns the time in native code or in the JVM, which may be a wait or a computation. */
        double outsideJava() {
            return seconds(How.NATIVE) + seconds(How.UNSAMPLED);
        }

        boolean computesOutsideJava() {
            return computingOutsideJava > outsideJava() / 2;
        }

        double computing() {
            return seconds(How.JAVA) + (computesOutsideJava() ? outsideJava() : 0);
        }

        /** Returns the kind of this place's sightings with this evidence. */
        Kind kind(How how) {
            return switch (how) {
                case JAVA -> Kind.COMPUTING;
                case PINNED -> Kind.PINNED;
                case NATIVE -> computesOutsideJava() ? Kind.COMPUTING : Kind.NATIVE;
                case UNSAMPLED -> computesOutsideJava() ? Kind.COMPUTING : Kind.PINNED;
            };
        }

        /** Returns the kind of the place, which is the kind of most of its time. */
        Kind kind() {
            double waiting = computesOutsideJava() ? 0 : seconds(How.NATIVE);
            double pinned = seconds(How.PINNED) + (computesOutsideJava() ? 0 : seconds(How.UNSAMPLED));
            if (pinned >= Math.max(waiting, computing())) {
                return Kind.PINNED;
            }
            return waiting >= computing() ? Kind.NATIVE : Kind.COMPUTING;
        }

        void add(Place other) {
            other.seconds.forEach((how, time) -> seconds.merge(how, time, Double::sum));
            other.notes.forEach((note, time) -> notes.merge(note, time, Double::sum));
            computingOutsideJava += other.computingOutsideJava;
            maybeComputingOutsideJava += other.maybeComputingOutsideJava;
            inInputOrOutput += other.inInputOrOutput;
            compensated += other.compensated;
            costly += other.costly;
            other.visits.forEach((visit, time) -> visits.merge(visit, time, Double::sum));
            seen.addAll(other.seen);
            longest = longest == null || other.longest.time().compareTo(longest.time()) > 0 ? other.longest : longest;
        }
    }

    /**
     * @param machineIsFull whether threads had to wait for a CPU
     * @param spareCarriers whether the JDK had made spare carriers
     */
    PlaceTimes(List<Visits.Charge> charges, CarrierActivity activity, boolean machineIsFull, boolean spareCarriers) {
        this.charges = charges;
        this.activity = activity;
        this.spareCarriers = spareCarriers;
        this.machineIsFull = machineIsFull;
        this.cpuInNative = cpuInNative();
        activity.free().forEach(interval -> free.put(interval.from(), interval.to()));
    }

    /**
     * Returns for each step which share of a CPU native code used; 0 without native code. No sample shows that. But JFR
     * measures the CPU time of the carriers, and native code used what Java code does not account for.
     */
    private double[] cpuInNative() {
        double[] cpu = activity.cpuSeconds();
        double[] inJava = new double[cpu.length];
        double[] inNative = new double[cpu.length];
        for (Visits.Charge charge : charges) {
            double[] sum = charge.seen().how() == How.JAVA ? inJava : inNative;
            sum[activity.step(charge.seen().at())] +=
                    charge.seen().how() == How.PINNED ? 0 : Interval.seconds(charge.time());
        }
        double[] share = new double[cpu.length];
        if (!machineIsFull) {
            Arrays.setAll(share, i -> inNative[i] > 0 ? (cpu[i] - inJava[i]) / inNative[i] : 0);
            return share;
        }
        // On a full machine the measurements come late, and the CPU time of Java code is spread over its neighbours.
        double[] cpuAround = around(cpu);
        double[] inJavaAround = around(inJava);
        double[] inNativeAround = around(inNative);
        Arrays.setAll(share, i -> inNative[i] > 0 ? Math.min(cpu[i] / (inJava[i] + inNative[i]),
                (cpuAround[i] - inJavaAround[i]) / inNativeAround[i]) : 0);
        return share;
    }

    /** Returns for each step the sum over all steps in which its CPU time may have been used. */
    private double[] around(double[] seconds) {
        double[] before = new double[seconds.length + 1];
        for (int i = 0; i < seconds.length; i++) {
            before[i + 1] = before[i] + seconds[i];
        }
        double[] around = new double[seconds.length];
        Arrays.setAll(around, i -> before[Math.min(seconds.length, i + activity.reach(i) + 1)]
                - before[Math.max(0, i - activity.reach(i))]);
        return around;
    }

    /**
     * Returns the places, the largest share first.
     *
     * @param available the time of all carriers together
     * @param busy for how long the carriers had work; zero if that is not known
     * @param counts selects the stacks that count
     */
    List<CarrierBlock> blocks(Duration available, Duration busy, Predicate<Stack> counts) {
        Map<String, Place> places = places(counts);
        double pollerSeconds = charges.stream().filter(charge -> charge.seen().stack().isPoller())
                .mapToDouble(charge -> Interval.seconds(charge.time())).sum();
        double seen = pollerSeconds + places.values().stream().mapToDouble(Place::total).sum();
        double unseen = (Interval.seconds(busy) - seen) / Interval.seconds(available);
        mergeClassInitialisers(places);
        List<CarrierBlock> blocks = places.entrySet().stream()
                .map(place -> block(place.getKey(), place.getValue(), Interval.seconds(available)))
                .collect(Collectors.toCollection(ArrayList::new));
        if (unseen >= LEAST_UNSEEN) {
            double costly = Math.max(0, unseen - freeSeconds() / Interval.seconds(available));
            blocks.add(new CarrierBlock("unseen", Kind.UNSEEN, Math.min(1, unseen), Math.min(1, costly), 0, 0, false,
                    null, List.of()));
        }
        blocks.sort(Comparator.comparingDouble(CarrierBlock::share).reversed());
        return List.copyOf(blocks);
    }

    /** Returns each time in which a thread certainly blocked its carrier without a break, the longest first. */
    List<CarrierHold> holds() {
        record Key(int visit, Kind kind, String place) {}
        Map<String, Place> places = places(_ -> true);
        Map<Key, List<Visits.Charge>> found = new HashMap<>();
        for (Visits.Charge charge : charges) {
            Place place = places.get(charge.seen().place());
            if (place != null) {
                Kind kind = place.kind(charge.seen().how());
                // One computation calls many methods, so its holds do not depend on the place.
                String name = kind == Kind.COMPUTING ? null : charge.seen().place();
                found.computeIfAbsent(new Key(charge.visit(), kind, name), _ -> new ArrayList<>()).add(charge);
            }
        }
        // If an initialiser itself waits, it is to blame, and not the threads that wait for it.
        Set<String> waitingInitialisers = charges.stream().map(Visits.Charge::seen)
                .filter(seen -> seen.how() == How.PINNED && !seen.waitsForClass() && !seen.stack().isInClassLoading())
                .map(Sighting::place).collect(Collectors.toSet());
        found.values().removeIf(charged -> charged.getFirst().seen().waitsForClass()
                && waitingInitialisers.contains(charged.getFirst().seen().place()));
        return found.entrySet().stream()
                .map(entry -> hold(entry.getKey().kind(), entry.getValue())).flatMap(Optional::stream)
                .sorted(Comparator.comparing(CarrierHold::atLeast).reversed()).toList();
    }

    private Optional<CarrierHold> hold(Kind kind, List<Visits.Charge> charges) {
        Set<Sighting> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        charges.forEach(charge -> seen.add(charge.seen()));
        Duration atLeast = charges.stream().map(Visits.Charge::certain).reduce(Duration.ZERO, Duration::plus);
        Map<String, Duration> times = charges.stream().collect(Collectors.toMap(charge -> charge.seen().place(),
                Visits.Charge::time, Duration::plus));
        String place = Collections.max(times.entrySet(), Map.Entry.comparingByValue()).getKey();
        Sighting one = charges.stream().filter(charge -> charge.seen().place().equals(place))
                .max(Comparator.comparing(Visits.Charge::time)).orElseThrow().seen();
        if (atLeast.isZero() || one.isSample() && seen.size() < CarrierHold.SIGHTINGS) {
            return Optional.empty();
        }
        Instant from = charges.stream().map(charge -> charge.seen().at()).min(Comparator.naturalOrder()).orElseThrow();
        List<StackTraceElement> stack = one.stack().elements();
        return Optional.of(new CarrierHold(place, kind, from, atLeast, seen.size(),
                spareCarriers && one.stack().isCompensated(), isInTheJvm(one),
                one.thread(), one.note(), stack));
    }

    private static boolean isInTheJvm(Sighting seen) {
        return seen.how() == How.UNSAMPLED || seen.waitsForClass() || seen.stack().isInClassLoading()
                || seen.how() == How.PINNED && seen.stack().isPinnedByTheJvm();
    }

    /** Returns the frame of the block that contains a place. Call {@link #blocks} first. */
    String frameOf(String place) {
        return merged.getOrDefault(place, place);
    }

    private Map<String, Place> places(Predicate<Stack> counts) {
        Map<String, Place> places = new TreeMap<>();
        charges.stream().filter(charge -> !charge.seen().stack().isPoller())
                .filter(charge -> counts.test(charge.seen().stack()))
                .forEach(charge -> places.computeIfAbsent(charge.seen().place(), _ -> new Place()).add(of(charge)));
        return places;
    }

    private double freeSeconds() {
        return free.entrySet().stream().map(entry -> new Interval(entry.getKey(), entry.getValue()))
                .mapToDouble(interval -> Interval.seconds(interval.length())).sum();
    }

    private Place of(Visits.Charge charge) {
        double time = Interval.seconds(charge.time());
        var place = new Place();
        place.longest = charge;
        place.costly = time * (1 - freePart(charge.seen()));
        place.visits.put(charge.visit(), time);
        place.seen.add(charge.seen());
        place.seconds.put(charge.seen().how(), time);
        if (charge.seen().note() != null) {
            place.notes.put(charge.seen().note(), time);
        }
        if (place.outsideJava() > 0) {
            double cpu = charge.seen().stack().isInSocketCall() ? 1 : cpuInNative[activity.step(charge.seen().at())];
            place.computingOutsideJava = cpu >= (machineIsFull ? COMPUTES_ON_A_FULL_MACHINE : COMPUTES) ? time : 0;
            place.maybeComputingOutsideJava = machineIsFull && cpu >= MAYBE_COMPUTES_ON_A_FULL_MACHINE ? time : 0;
        }
        place.inInputOrOutput = charge.seen().stack().isInInputOrOutput() ? time : 0;
        place.compensated = charge.seen().stack().isCompensated() ? time : 0;
        return place;
    }

    /** Returns the part of the time in which another carrier was free, 0 to 1, so that no thread had to wait. */
    private double freePart(Sighting seen) {
        Map.Entry<Instant, Instant> first = free.floorEntry(seen.at());
        if (seen.lasted().isZero()) {
            return first != null && first.getValue().isAfter(seen.at()) ? 1 : 0;
        }
        var whole = new Interval(seen.at(), seen.end());
        double seconds = 0;
        for (var entry : free.tailMap(first == null ? seen.at() : first.getKey(), true).entrySet()) {
            if (entry.getKey().isAfter(seen.end())) {
                break;
            }
            Interval part = new Interval(entry.getKey(), entry.getValue()).within(whole);
            seconds += part == null ? 0 : Interval.seconds(part.length());
        }
        return seconds / Interval.seconds(whole.length());
    }

    /** Merges class initialisers into one block. Many that each block for a short time are one cause. */
    private void mergeClassInitialisers(Map<String, Place> places) {
        List<String> names = places.keySet().stream()
                .filter(name -> name.endsWith("." + Frame.CLASS_INITIALISER))
                .filter(name -> places.get(name).kind() == Kind.PINNED)
                .sorted(Comparator.comparingDouble((String name) -> places.get(name).total()).reversed())
                .toList();
        if (names.size() < 2) {
            return;
        }
        var all = new Place();
        names.forEach(name -> all.add(places.get(name)));
        boolean oneDominates = places.get(names.getFirst()).total() > all.total() / 2;
        all.notes.put(oneDominates ? "and %s other class initialisers".formatted(names.size() - 1)
                : "%s of them, the longest %s".formatted(names.size(), names.getFirst()), all.total());
        String together = oneDominates ? names.getFirst() : CLASS_INITIALISERS;
        names.forEach(places::remove);
        names.forEach(name -> merged.put(name, together));
        places.put(together, all);
    }

    private CarrierBlock block(String name, Place place, double available) {
        boolean compensated = spareCarriers && place.compensated > place.total() / 2;
        double longest = Collections.max(place.visits.values());
        return new CarrierBlock(name, place.kind(), Math.min(1, place.total() / available),
                Math.min(1, place.costly / available), longest,
                place.seen.size(), compensated,
                detail(place, compensated), place.longest.seen().stack().names());
    }

    /** Returns the detail of a block, or null. */
    private static String detail(Place place, boolean compensated) {
        List<String> details = new ArrayList<>();
        if (place.kind() == Kind.COMPUTING && place.inInputOrOutput > place.total() / 4) {
            details.add("spinning over a read or write that does not block, or copying much data");
        } else if (place.kind() == Kind.COMPUTING && place.computing() > 2 * place.seconds(How.JAVA)) {
            details.add("in native code");
        }
        if (place.kind() == Kind.NATIVE && place.maybeComputingOutsideJava > place.outsideJava() / 2) {
            details.add(CarrierBlock.OR_COMPUTING);
        }
        if (place.kind() == Kind.PINNED) {
            place.notes.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue().reversed()).limit(2)
                    .forEach(note -> details.add(note.getKey()));
        }
        if (place.longest.seen().stack().hidesTheUsersFrame()) {
            details.add("the stack was cut off above it");
        }
        if (compensated) {
            details.add("a spare carrier ran the others");
        }
        return details.isEmpty() ? null : String.join("; ", details);
    }
}
