package dev.cooperativetls.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * What blocked the carriers, found in a flight recording.
 *
 * <p>A pinned park is recorded with its duration. Native code and running code are only sampled, at ticks: of the
 * threads in native code one at each tick, in turn, and of those that run all. A busy machine makes ticks late. So a
 * sample alone stands for one turn; but a thread that is seen twice in a short time, with no sign that it was away, was
 * there all the while.
 */
public final class CarrierRecording {

    /** The sampling period that {@code carriers.jfc} asks for. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** How late a tick may be on a busy machine. After a longer silence nothing is known of a thread. */
    private static final Duration LATE = Duration.ofMillis(100);

    private static final Set<String> JDK = Set.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    private final int carriers;
    private final List<Sighting> sightings;
    private final Map<Place, Duration> blocked = new HashMap<>();

    record Place(CarrierBlock.Kind kind, String frame) {}

    /**
     * A thread, seen at a place.
     *
     * @param lasted how long it was there; zero for a sample, which does not tell
     */
    record Sighting(Instant at, long thread, boolean virtual, Place place, Duration lasted) {

        boolean isNative() {
            return place.kind == CarrierBlock.Kind.NATIVE;
        }

        boolean isSample() {
            return place.kind != CarrierBlock.Kind.PINNED;
        }
    }

    private CarrierRecording(List<Sighting> sightings, int carriers) {
        this.sightings = sightings.stream().sorted(Comparator.comparing(Sighting::at)).toList();
        this.carriers = carriers;
    }

    /** The recorder's settings for such a recording, as a {@code .jfc} file. */
    public static InputStream settings() {
        return CarrierRecording.class.getResourceAsStream("carriers.jfc");
    }

    /**
     * Reads a recording made with {@code carriers.jfc}.
     *
     * @param from the beginning of the run; what was recorded before it does not count
     * @param elapsed how long the run took
     * @return the blocks, the longest first
     */
    public static List<CarrierBlock> blocks(Path recording, Instant from, Duration elapsed, int carriers)
            throws IOException {
        return elapsed.isZero() ? List.of() // and there need be no recording
                : blocks(RecordingFile.readAllEvents(recording), from, elapsed, carriers);
    }

    static List<CarrierBlock> blocks(List<RecordedEvent> recording, Instant from, Duration elapsed, int carriers) {
        if (elapsed.isZero()) {
            return List.of();
        }
        Instant to = from.plus(elapsed);
        List<Sighting> sightings = new ArrayList<>();
        Map<Place, List<String>> stacks = new HashMap<>();
        for (RecordedEvent event : recording) {
            CarrierBlock.Kind kind = kind(event);
            if (kind == null) {
                continue; // another recording of the same JVM has put its own events here
            }
            RecordedThread thread =
                    kind == CarrierBlock.Kind.PINNED ? event.getThread() : event.getThread("sampledThread");
            Instant start = later(event.getStartTime(), from);
            Instant end = earlier(event.getEndTime(), to);
            if (thread == null || event.getStackTrace() == null || end.isBefore(start)) {
                continue;
            }
            List<String> stack = event.getStackTrace().getFrames().stream().map(CarrierRecording::name).toList();
            Place place = new Place(kind, firstOfTheUsers(stack));
            sightings.add(new Sighting(start, thread.getJavaThreadId(), thread.isVirtual(), place,
                    Duration.between(start, end)));
            stacks.putIfAbsent(place, stack);
        }
        double available = seconds(elapsed) * carriers;
        return blockedTimes(sightings, carriers).entrySet().stream()
                .map(blocked -> new CarrierBlock(blocked.getKey().frame, blocked.getKey().kind,
                        Math.min(1, seconds(blocked.getValue()) / available), stacks.get(blocked.getKey())))
                .sorted(Comparator.comparingDouble(CarrierBlock::share).reversed())
                .toList();
    }

    /** For how long virtual threads blocked carriers, at each place. */
    static Map<Place, Duration> blockedTimes(List<Sighting> sightings, int carriers) {
        return new CarrierRecording(sightings, carriers).blockedTimes();
    }

    private Map<Place, Duration> blockedTimes() {
        Map<Long, Integer> lastOfThread = new HashMap<>();
        for (int i = 0; i < sightings.size(); i++) {
            Sighting seen = sightings.get(i);
            if (!seen.virtual) {
                continue;
            }
            Integer last = lastOfThread.put(seen.thread, i);
            if (last != null && stayed(last, i)) {
                Duration half = Duration.between(sightings.get(last).at, seen.at).dividedBy(2);
                charge(sightings.get(last), half);
                charge(seen, half);
            } else {
                charge(seen, seen.isSample() ? turn(i).dividedBy(2) : seen.lasted);
                if (last != null) {
                    leave(last);
                }
            }
        }
        lastOfThread.values().forEach(this::leave);
        return blocked;
    }

    /** Charges for the time after the last sighting before a thread went away. */
    private void leave(int index) {
        Sighting last = sightings.get(index);
        if (last.isSample()) {
            charge(last, turn(index).dividedBy(2));
        }
    }

    private void charge(Sighting seen, Duration time) {
        blocked.merge(seen.place, time, Duration::plus);
    }

    /** Whether a thread kept its carrier between two samples of it: there is no sign that it did not. */
    private boolean stayed(int first, int second) {
        Sighting one = sightings.get(first);
        Sighting other = sightings.get(second);
        if (!one.isSample() || !other.isSample()) {
            return false;
        }
        boolean bothNative = one.isNative() && other.isNative();
        Set<Long> turns = new HashSet<>();
        for (Sighting between : sightings.subList(first + 1, second)) {
            if (between.virtual && carriers == 1) {
                return false; // the one carrier had another thread
            }
            if (bothNative && between.isNative() && !turns.add(between.thread)) {
                return false; // another came round twice, so this one was passed over
            }
        }
        Duration silence = Duration.between(one.at, other.at).dividedBy(turns.size() + 1);
        return silence.compareTo(LATE) <= 0;
    }

    /** How long it takes until the sampler comes round to the same thread again. */
    private Duration turn(int index) {
        if (!sightings.get(index).isNative()) {
            return TICK;
        }
        Set<Long> virtual = new HashSet<>();
        Set<Long> platform = new HashSet<>();
        Instant next = sightings.get(index).at;
        for (int i = index; i >= 0; i--) {
            Sighting seen = sightings.get(i);
            if (seen.isNative()) {
                if (seen.at.isBefore(next.minus(LATE)) || !(seen.virtual ? virtual : platform).add(seen.thread)) {
                    break;
                }
                next = seen.at;
            }
        }
        // Of the virtual threads, no more were in native code at once than had a carrier.
        return TICK.multipliedBy(platform.size() + Math.min(virtual.size(), carriers));
    }

    /** In which way the event tells of a blocked carrier, or null. */
    private static CarrierBlock.Kind kind(RecordedEvent event) {
        return switch (event.getEventType().getName()) {
            case "jdk.NativeMethodSample" -> CarrierBlock.Kind.NATIVE;
            case "jdk.VirtualThreadPinned" -> CarrierBlock.Kind.PINNED;
            case "jdk.ExecutionSample" -> CarrierBlock.Kind.COMPUTING;
            default -> null;
        };
    }

    /** The first frame that is not the JDK's: downcall stubs and socket internals are not what the user can change. */
    static String firstOfTheUsers(List<String> stack) {
        return stack.stream()
                .filter(frame -> JDK.stream().noneMatch(frame::startsWith))
                .findFirst()
                .orElse(stack.isEmpty() ? "unknown" : stack.getFirst());
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
