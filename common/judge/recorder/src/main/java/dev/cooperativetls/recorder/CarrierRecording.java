package dev.cooperativetls.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** What blocked the carriers, found in a flight recording. */
public final class CarrierRecording {

    private static final Pattern WAITS_FOR = Pattern.compile("Waited for initialization of (\\S+) by another thread");

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
        return read.blocks(carriers);
    }

    private List<CarrierBlock> blocks(int carriers) {
        List<Interval> idle = activity.idle();
        sightings.addAll(new OnlyInDumps(dumps, sightings, idle, run, carriers).shown());
        List<Visits.Charge> charges = Visits.charges(sightings, idle, carriers);
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
                // The first has nothing yet.
                if (run.contains(event.getStartTime()) && event.getFloat("machineTotal") > 0) {
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

    private void sampled(RecordedEvent event, Sighting.How how) {
        RecordedThread thread = event.getThread("sampledThread");
        if (thread == null || event.getStackTrace() == null || !run.contains(event.getStartTime())) {
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
        sightings.add(Sighting.pinned(part, event.getThread().getJavaThreadId(), stack, waitsFor));
    }

    private Instant lastSeen() {
        Stream<Instant> mounted = dumps.stream().filter(dump -> !dump.threads().isEmpty()).map(ThreadDump::at);
        return Stream.concat(mounted, sightings.stream().filter(Sighting::virtual).map(Sighting::end))
                .filter(run::contains).max(Comparator.naturalOrder()).orElse(run.from());
    }
}
