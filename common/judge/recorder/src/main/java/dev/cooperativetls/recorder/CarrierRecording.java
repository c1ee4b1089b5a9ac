package dev.cooperativetls.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** What blocked the carriers, found in a flight recording. */
public final class CarrierRecording {

    private static final Pattern WAITS_FOR = Pattern.compile("Waited for initialization of (\\S+) by another thread");

    /** A thread that is on its carrier in native code is sampled within this time, however many take turns. */
    private static final Duration NEAR = Duration.ofMillis(400);
    /** In that time, a thread that runs Java code is sampled 80 times, and on a busy machine at least this often. */
    private static final long OFTEN = 8;

    /** A machine without an idle CPU makes threads wait for one. */
    private static final double FULL = 0.9;

    private final Interval run;
    private final List<Sighting> sightings = new ArrayList<>();
    /** Many events share a stack, as one object. */
    private final Map<RecordedStackTrace, Stack> stacks = new IdentityHashMap<>();
    private final List<ThreadDump> dumps = new ArrayList<>();
    private final CarrierActivity activity;
    private boolean parksAreRecorded;
    private int processors = Runtime.getRuntime().availableProcessors();
    private int inContainer;
    private double machineLoad;
    private int machineLoads;

    private CarrierRecording(Interval run) {
        this.run = run;
        this.activity = new CarrierActivity(run);
    }

    /** Returns the recorder's settings for such a recording, as a {@code .jfc} file. */
    public static InputStream settings() {
        return CarrierRecording.class.getResourceAsStream("carriers.jfc");
    }

    /**
     * Reads a recording made with {@code carriers.jfc}.
     *
     * @param from the beginning of the run; what was recorded before it does not count
     * @param elapsed how long the run took
     * @return what blocked the carriers, the longest first
     */
    public static List<CarrierBlock> blocks(Path recording, Instant from, Duration elapsed, int carriers)
            throws IOException {
        if (elapsed.isZero()) {
            return List.of(); // and there need be no recording
        }
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(recording));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        var read = new CarrierRecording(new Interval(from, from.plus(elapsed)));
        for (RecordedEvent event : events) {
            read.read(event);
        }
        read.addWhatOnlyDumpsShow();
        return read.blocks(carriers);
    }

    private List<CarrierBlock> blocks(int carriers) {
        List<Visits.Charge> charges = Visits.charges(sightings, activity.idle(), carriers);
        var times = new PlaceTimes(charges, activity, machineLoads > 0 && machineLoad / machineLoads > FULL,
                activity.mostAtOnce() > carriers);
        return times.blocks(run.length().multipliedBy(carriers),
                parksAreRecorded ? activity.busy(Visits.LATE, lastSeen()) : Duration.ZERO);
    }

    /** Reads one event. Another recording of the same JVM may have put its own events here. */
    private void read(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.NativeMethodSample" -> sampled(event, Sighting.How.NATIVE);
            case "jdk.ExecutionSample" -> sampled(event, Sighting.How.JAVA);
            case "jdk.VirtualThreadPinned" -> pinned(event);
            case "jdk.ThreadDump" -> dumps.add(ThreadDump.of(event.getStartTime(), event.getString("result")));
            case "jdk.ThreadStart" -> carrier(event.getThread("thread"))
                    .ifPresent(id -> activity.started(id, event.getStartTime()));
            case "jdk.ThreadEnd" -> carrier(event.getThread("thread")).ifPresent(activity::ended);
            case "jdk.ThreadPark" -> {
                parksAreRecorded = true;
                carrier(event.getThread()).ifPresent(
                        id -> activity.parked(id, new Interval(event.getStartTime(), event.getEndTime())));
            }
            case "jdk.ThreadCPULoad" -> carrier(event.getThread()).ifPresent(id -> activity.used(id,
                    event.getStartTime(), processors * (event.getFloat("user") + event.getFloat("system"))));
            case "jdk.CPULoad" -> {
                if (contains(event.getStartTime()) && event.getFloat("machineTotal") > 0) { // the first has nothing yet
                    machineLoad += event.getFloat("machineTotal");
                    machineLoads++;
                }
            }
            case "jdk.CPUInformation" -> processors = inContainer > 0 ? inContainer : event.getInt("hwThreads");
            case "jdk.ContainerConfiguration" -> {
                inContainer = (int) event.getLong("effectiveCpuCount");
                processors = inContainer;
            }
            default -> { }
        }
    }

    /** The scheduler has other threads in this group, which keep the time. */
    private static Optional<Long> carrier(RecordedThread thread) {
        return Optional.ofNullable(thread)
                .filter(one -> !one.isVirtual() && one.getThreadGroup() != null
                        && "CarrierThreads".equals(one.getThreadGroup().getName())
                        && !one.getJavaName().endsWith("-delayScheduler"))
                .map(RecordedThread::getJavaThreadId);
    }

    private boolean contains(Instant time) {
        return !time.isBefore(run.from()) && !time.isAfter(run.to());
    }

    private void sampled(RecordedEvent event, Sighting.How how) {
        RecordedThread thread = event.getThread("sampledThread");
        if (thread == null || event.getStackTrace() == null || !contains(event.getStartTime())) {
            return;
        }
        Stack stack = stacks.computeIfAbsent(event.getStackTrace(), Stack::of);
        sightings.add(Sighting.sample(event.getStartTime(), thread.getJavaThreadId(), thread.isVirtual(), how,
                stack.place(), stack));
    }

    private void pinned(RecordedEvent event) {
        Interval part = new Interval(event.getStartTime(), event.getEndTime()).within(run);
        if (part == null || event.getThread() == null || event.getStackTrace() == null) {
            return;
        }
        Stack stack = stacks.computeIfAbsent(event.getStackTrace(), Stack::of);
        String reason = event.hasField("pinnedReason") ? String.valueOf(event.getString("pinnedReason")) : "";
        Matcher waits = WAITS_FOR.matcher(reason);
        String waitsFor = waits.matches() ? waits.group(1) : null;
        sightings.add(pinned(part, event.getThread().getJavaThreadId(), stack, waitsFor));
    }

    private static Sighting pinned(Interval when, long thread, Stack stack, String waitsFor) {
        Stack.Pin pin = stack.pin();
        String place = waitsFor == null ? pin.by() : waitsFor + "." + Frame.CLASS_INITIALISER;
        String note = waitsFor == null ? pin.parkedIn().map(name -> "parked in " + name).orElse(null)
                : "others wait for the class, in " + stack.place();
        return new Sighting(when.from(), thread, true, Sighting.How.PINNED, place, when.length(), stack, note);
    }

    /**
     * A pinned park is written when it ends, and a wait inside the JVM never. Both are in the thread dumps. What was
     * merely missed by a late sampler is in a dump too: it is not in two dumps, and other samples show the same place.
     */
    private void addWhatOnlyDumpsShow() {
        Set<String> sampled = sightings.stream().filter(Sighting::isSample).map(Sighting::place)
                .collect(Collectors.toSet());
        List<Map<Long, Sighting>> unseen = dumps.stream().map(this::onlyIn).toList();
        for (int i = 0; i < dumps.size(); i++) {
            Instant before = i == 0 ? dumps.get(i).at() : middle(dumps.get(i - 1).at(), dumps.get(i).at());
            Instant after = i == dumps.size() - 1 ? run.to() : middle(dumps.get(i).at(), dumps.get(i + 1).at());
            Interval part = new Interval(before, after).within(run);
            for (Sighting seen : unseen.get(i).values()) {
                if (!sampled.contains(seen.place())
                        || i > 0 && isAlsoIn(unseen.get(i - 1), seen)
                        || i < dumps.size() - 1 && isAlsoIn(unseen.get(i + 1), seen)) {
                    sightings.addAll(seen.during(part, CarrierActivity.STEP));
                }
            }
        }
    }

    private static boolean isAlsoIn(Map<Long, Sighting> dump, Sighting seen) {
        return dump.containsKey(seen.thread()) && dump.get(seen.thread()).place().equals(seen.place());
    }

    /** Returns the threads of this dump of which no event tells. */
    private Map<Long, Sighting> onlyIn(ThreadDump dump) {
        Map<Long, Sighting> seen = new HashMap<>();
        if (contains(dump.at())) {
            var near = new Interval(dump.at().minus(NEAR), dump.at().plus(NEAR));
            dump.threads().forEach((thread, mounted) -> {
                Map<Sighting.How, Long> known = sightings.stream()
                        .filter(one -> one.thread() == thread && one.isWithin(near))
                        .collect(Collectors.groupingBy(Sighting::how, Collectors.counting()));
                if (!known.containsKey(Sighting.How.NATIVE) && !known.containsKey(Sighting.How.PINNED)
                        && known.getOrDefault(Sighting.How.JAVA, 0L) < OFTEN) {
                    seen.put(thread, dumped(dump.at(), thread, mounted));
                }
            });
        }
        return seen;
    }

    /** A thread that neither is sampled nor has parked waits for a lock or for memory inside the JVM, or computes. */
    private static Sighting dumped(Instant at, long thread, ThreadDump.Mounted mounted) {
        Sighting pinned = pinned(new Interval(at, at), thread, mounted.stack(), mounted.waitsFor());
        return mounted.waitsFor() != null || mounted.stack().isParked() ? pinned
                : new Sighting(at, thread, true, Sighting.How.UNSAMPLED, pinned.place(), Duration.ZERO,
                        mounted.stack(), "waiting inside the JVM");
    }

    private static Instant middle(Instant one, Instant other) {
        return one.plus(Duration.between(one, other).dividedBy(2));
    }

    private Instant lastSeen() {
        Stream<Instant> mounted = dumps.stream().filter(dump -> !dump.threads().isEmpty()).map(ThreadDump::at);
        return Stream.concat(mounted, sightings.stream().filter(Sighting::virtual).map(Sighting::end))
                .filter(this::contains).max(Comparator.naturalOrder()).orElse(run.from());
    }
}
