package dev.cooperativetls.recorder;

import dev.cooperativetls.recorder.Recorded.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;

/**
 * A flight recording, read to find what blocked the carriers.
 *
 * <p>{@link #blocks} and {@link #of} return the places that blocked the carriers, with their shares of the time.
 * {@link #holds} returns each single time. These methods may be called by several threads at once.
 */
public final class CarrierRecording {

    private static final List<String> EVENTS = List.of("jdk.ActiveSetting", "jdk.JVMInformation",
            "jdk.NativeMethodSample", "jdk.ExecutionSample", "jdk.VirtualThreadPinned", "jdk.ThreadDump",
            "jdk.ThreadStart", "jdk.ThreadEnd", "jdk.ThreadPark", "jdk.ThreadCPULoad", "jdk.CPULoad",
            "jdk.CPUInformation", "jdk.ContainerConfiguration");

    private static final Pattern WAITS_FOR = Pattern.compile("Waited for initialization of (\\S+) by another thread");

    /** A machine whose CPUs are busy for more than this share makes threads wait for a CPU. */
    private static final double FULL = 0.9;

    private static final Pattern PARALLELISM =
            Pattern.compile(".*-Djdk\\.virtualThreadScheduler\\.parallelism=(\\d+).*", Pattern.DOTALL);

    /** If longer parks are left out of a recording, a carrier's idle time looks as if it had work. */
    private static final Duration SHORT_PARK = Duration.ofMillis(1);

    /** If dumps are further apart, they do not show that a thread stayed at its place in between. */
    private static final Duration OFTEN = Duration.ofSeconds(1);

    /** How many stack traces are kept. They are objects of one chunk, so older ones do not come again. */
    private static final int MANY = 20_000;

    private final Interval run;
    private final List<Sighting> sightings = new ArrayList<>();
    /** Many events share one object for their stack trace, and many stack traces are equal. */
    private final Map<RecordedStackTrace, Stack> ofTraces = new IdentityHashMap<>();
    private final Map<Stack, Stack> stacks = new HashMap<>();
    private final List<ThreadDump> dumps = new ArrayList<>();
    private final List<Activity> activities = new ArrayList<>();
    private final CarrierActivity activity;
    private final Map<Long, String> typeNames = new HashMap<>();
    private final Sight.Settings settings = new Sight.Settings();
    private int processors;
    private int inContainer;
    private double machineLoad;
    private int machineLoads;
    private Instant lastMeasured;
    private String jvmVersion;
    private String jvmArguments = "";

    /** A carrier's activity at a time. Events are not read in chronological order. */
    private record Activity(Instant at, Consumer<CarrierActivity> what) {}

    private CarrierRecording(Interval run) {
        this.run = run;
        this.activity = new CarrierActivity(run);
    }

    /** Returns the JFR settings for {@link #blocks}, as the content of a {@code .jfc} file. The caller closes it. */
    public static InputStream settings() {
        return CarrierRecording.class.getResourceAsStream("carriers.jfc");
    }

    /**
     * Returns what blocked the carriers, from a recording made with {@link #settings()}.
     *
     * @param recording the file
     * @param from the beginning of the run; earlier events do not count
     * @param elapsed how long the run took; if zero, the file is not read
     * @param carriers the number of carriers
     * @return the places that blocked the carriers, the largest share first
     * @throws IOException if the file cannot be read, is no recording or is not complete; the message gives the reason
     */
    public static List<CarrierBlock> blocks(Path recording, Instant from, Duration elapsed, int carriers)
            throws IOException {
        if (elapsed.isZero()) {
            return List.of(); // and there need be no recording
        }
        Chunks.time(recording);
        return read(recording, new Interval(from, from.plus(elapsed))).blocks(carriers).places(_ -> true);
    }

    /**
     * Reads a recording made with any settings. The memory that this needs does not depend on the size of the file, but
     * on how often threads in native code and virtual threads were sampled.
     *
     * @param recording the file
     * @param from earlier events do not count; null for the beginning of the recording
     * @param to later events do not count; null for the end of the recording
     * @param carriers the number of carriers; if empty, it is taken from the recording
     * @param within counts only stacks with a frame whose class name begins with this; null to count all
     * @throws IOException if the file cannot be read, is no recording, is not complete, or has nothing between
     *     {@code from} and {@code to}; the message gives the reason
     */
    public static Recorded of(Path recording, Instant from, Instant to, OptionalInt carriers, String within)
            throws IOException {
        Interval part = part(recording, from, to);
        CarrierRecording read = read(recording, part);
        Matcher parallelism = PARALLELISM.matcher(read.jvmArguments);
        OptionalInt configured = parallelism.matches() ? OptionalInt.of(Integer.parseInt(parallelism.group(1)))
                : OptionalInt.empty();
        OptionalInt known = carriers.isPresent() ? carriers : configured.isPresent() ? configured
                : read.processors > 0 ? OptionalInt.of(read.processors) : OptionalInt.empty();
        Predicate<Stack> counts = stack -> within == null
                || stack.frames().stream().anyMatch(frame -> frame.type().startsWith(within));
        Optional<Found> found = known.isPresent() ? Optional.of(read.blocks(known.getAsInt())) : Optional.empty();
        return new Recorded(part.from(), part.to(), read.jvmVersion, known,
                carriers.isPresent() ? Source.GIVEN : configured.isPresent() ? Source.CONFIGURED : Source.PROCESSORS,
                read.settings.sight(), read.threadsInTurn(known.orElse(Integer.MAX_VALUE)),
                found.map(one -> one.places(counts)).orElse(List.of()),
                found.map(one -> one.stacks(counts)).orElse(Map.of()));
    }

    /**
     * Returns each time in which a virtual thread blocked its carrier, from a recording made with any settings.
     *
     * @param recording the file
     * @param from earlier events do not count; null for the beginning of the recording
     * @param carriers the number of carriers
     * @throws IOException if the file cannot be read, is no recording, is not complete, or has nothing after
     *     {@code from}; the message gives the reason
     */
    public static RecordedHolds holds(Path recording, Instant from, int carriers) throws IOException {
        CarrierRecording read = read(recording, part(recording, from, null));
        List<CarrierHold> holds = read.blocks(carriers).times().holds();
        return new RecordedHolds(holds, read.sightings.stream().filter(Sighting::virtual)
                .collect(Collectors.toMap(Sighting::at, Sighting::lasted, CarrierRecording::longer)),
                read.settings.sight().nativePeriod().orElse(Duration.ZERO)
                        .multipliedBy(Math.max(1, read.threadsInTurn(carriers))));
    }

    private static Interval part(Path recording, Instant from, Instant to) throws IOException {
        Interval whole = Chunks.time(recording);
        Interval part = whole.within(
                new Interval(from == null ? whole.from() : from, to == null ? whole.to() : to));
        if (part == null || part.length().isZero()) {
            throw new IOException("it covers %s to %s, and nothing of the given time"
                    .formatted(whole.from(), whole.to()));
        }
        return part;
    }

    /** The result of reading. */
    private record Found(PlaceTimes times, List<Visits.Charge> charges, Duration available, Duration busy) {

        List<CarrierBlock> places(Predicate<Stack> counts) {
            return times.blocks(available, busy, counts);
        }

        Map<String, Map<List<String>, Duration>> stacks(Predicate<Stack> counts) {
            Map<String, Map<List<String>, Duration>> stacks = new HashMap<>();
            charges.stream().filter(charge -> !charge.seen().stack().isPoller())
                    .filter(charge -> counts.test(charge.seen().stack()))
                    .forEach(charge -> stacks
                            .computeIfAbsent(times.frameOf(charge.seen().place()), _ -> new HashMap<>())
                            .merge(charge.seen().stack().names(), charge.time(), Duration::plus));
            return stacks;
        }
    }

    private static CarrierRecording read(Path recording, Interval run) throws IOException {
        var read = new CarrierRecording(run);
        try (EventStream events = EventStream.openFile(recording)) {
            events.setOrdered(false);
            events.onMetadata(metadata -> metadata.getEventTypes()
                    .forEach(type -> read.typeNames.put(type.getId(), type.getName())));
            for (String name : EVENTS) {
                events.onEvent(name, read::read);
            }
            events.onError(failure -> {
                throw new IllegalStateException(failure);
            });
            events.start();
        }
        read.settings.sight().cpuPeriod().ifPresent(read.activity::measuredEvery);
        read.activities.sort(Comparator.comparing(Activity::at));
        read.activities.forEach(one -> one.what.accept(read.activity));
        read.dumps.sort(Comparator.comparing(ThreadDump::at));
        return read;
    }

    private Found blocks(int carriers) {
        Sight sight = settings.sight();
        List<Interval> idle = activity.idle();
        if (sight.dumpPeriod().filter(period -> period.compareTo(OFTEN) <= 0).isPresent()) {
            sightings.addAll(new OnlyInDumps(dumps, sightings, idle, run, carriers).shown());
        }
        List<Visits.Charge> charges = Visits.charges(sightings, idle,
                (from, to) -> activity.everyCarrierParked(carriers, from, to), carriers,
                sight.nativePeriod().orElse(Duration.ZERO), sight.javaPeriod().orElse(Duration.ZERO));
        var times = new PlaceTimes(charges, activity, machineLoads > 0 && machineLoad / machineLoads > FULL,
                activity.mostAtOnce() > carriers);
        // It is not known for which block a spare carrier was made.
        boolean parksAreKnown = activity.mostAtOnce() <= carriers
                && sight.parkThreshold().filter(time -> time.compareTo(SHORT_PARK) <= 0).isPresent();
        return new Found(times, charges, run.length().multipliedBy(carriers),
                parksAreKnown ? activity.busy(Visits.LATE, lastSeen()) : Duration.ZERO);
    }

    /** Returns the greatest number of threads in native code among which the sampler took turns. */
    private int threadsInTurn(int carriers) {
        int most = 0;
        Set<Long> virtual = new HashSet<>();
        Set<Long> platform = new HashSet<>();
        Instant began = Instant.MIN;
        for (Sighting seen : sightings.stream().filter(one -> one.isNative() && one.isSample())
                .sorted(Comparator.comparing(Sighting::at)).toList()) {
            if (seen.at().isAfter(began.plusSeconds(1))) {
                virtual.clear();
                platform.clear();
                began = seen.at();
            }
            (seen.virtual() ? virtual : platform).add(seen.thread());
            // There are never more virtual threads in native code than carriers.
            most = Math.max(most, platform.size() + Math.min(virtual.size(), carriers));
        }
        return most;
    }

    /** Reads one event. It may come from another recording of the same JVM, which has its own settings. */
    private void read(RecordedEvent event) {
        Instant at = event.getStartTime();
        switch (event.getEventType().getName()) {
            case "jdk.ActiveSetting" -> settings.set(typeNames.get(event.getLong("id")), event.getString("name"),
                    event.getString("value"));
            case "jdk.JVMInformation" -> {
                jvmVersion = event.getString("jvmVersion");
                jvmArguments = Objects.requireNonNullElse(event.getString("jvmArguments"), "");
            }
            case "jdk.NativeMethodSample" -> sampled(event, Sighting.How.NATIVE);
            case "jdk.ExecutionSample" -> sampled(event, Sighting.How.JAVA);
            case "jdk.VirtualThreadPinned" -> pinned(event);
            case "jdk.ThreadDump" -> {
                if (run.contains(at)) {
                    dumps.add(ThreadDump.of(at, event.getString("result")));
                }
            }
            case "jdk.ThreadStart" -> carrier(event.getThread("thread"))
                    .ifPresent(id -> later(at, of -> of.started(id, at)));
            case "jdk.ThreadEnd" -> carrier(event.getThread("thread")).ifPresent(id -> later(at, of -> of.ended(id)));
            case "jdk.ThreadPark" -> {
                Instant end = event.getEndTime();
                carrier(event.getThread()).ifPresent(id -> later(at, of -> of.parked(id, new Interval(at, end))));
            }
            case "jdk.ThreadCPULoad" -> {
                if (!at.equals(lastMeasured)) { // many threads are measured at the same time
                    lastMeasured = at;
                    later(at, of -> of.measured(at));
                }
                float load = event.getFloat("user") + event.getFloat("system");
                carrier(event.getThread()).ifPresent(id -> later(at, of -> of.used(id, at, processors * load)));
            }
            case "jdk.CPULoad" -> {
                // The first measurement is zero.
                if (run.contains(at) && event.getFloat("machineTotal") > 0) {
                    machineLoad += event.getFloat("machineTotal");
                    machineLoads++;
                }
            }
            case "jdk.CPUInformation" -> processors = inContainer > 0 ? inContainer : event.getInt("hwThreads");
            case "jdk.ContainerConfiguration" -> {
                inContainer = (int) event.getLong("effectiveCpuCount");
                processors = inContainer;
            }
            default -> throw new IllegalStateException(event.getEventType().getName());
        }
    }

    private void later(Instant at, Consumer<CarrierActivity> what) {
        activities.add(new Activity(at, what));
    }

    private Stack stack(RecordedStackTrace trace) {
        if (ofTraces.size() > MANY) {
            ofTraces.clear();
        }
        return ofTraces.computeIfAbsent(trace, one -> {
            Stack stack = Stack.of(one);
            return stacks.computeIfAbsent(stack, same -> same);
        });
    }

    /** Returns the identifier of a carrier; empty for other threads, as for the scheduler's timer in the same group. */
    private static Optional<Long> carrier(RecordedThread thread) {
        return Optional.ofNullable(thread)
                .filter(one -> !one.isVirtual() && one.getThreadGroup() != null
                        && "CarrierThreads".equals(one.getThreadGroup().getName())
                        && !one.getJavaName().endsWith("-delayScheduler"))
                .map(RecordedThread::getJavaThreadId);
    }

    private void sampled(RecordedEvent event, Sighting.How how) {
        RecordedThread thread = event.getThread("sampledThread");
        if (thread == null || event.getStackTrace() == null || !run.contains(event.getStartTime())) {
            return;
        }
        if (!thread.isVirtual() && how == Sighting.How.JAVA) {
            return; // only in native code does the sampler take turns, so only there platform threads matter
        }
        Stack stack = stack(event.getStackTrace());
        sightings.add(Sighting.sample(event.getStartTime(), thread.getJavaThreadId(), thread.isVirtual(), how,
                stack.place(), stack));
    }

    private void pinned(RecordedEvent event) {
        Interval part = new Interval(event.getStartTime(), event.getEndTime()).within(run);
        if (part == null || event.getThread() == null || event.getStackTrace() == null) {
            return;
        }
        Stack stack = stack(event.getStackTrace());
        String reason = event.hasField("pinnedReason") ? String.valueOf(event.getString("pinnedReason")) : "";
        Matcher waits = WAITS_FOR.matcher(reason);
        String waitsFor = waits.matches() ? waits.group(1) : null;
        sightings.add(Sighting.pinned(part, event.getThread().getJavaThreadId(), stack, waitsFor));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private Instant lastSeen() {
        Stream<Instant> mounted = dumps.stream().filter(dump -> !dump.threads().isEmpty()).map(ThreadDump::at);
        return Stream.concat(mounted, sightings.stream().filter(Sighting::virtual).map(Sighting::end))
                .filter(run::contains).max(Comparator.naturalOrder()).orElse(run.from());
    }
}
