package dev.cooperativetls.verdict;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Finds in a flight recording what held the carriers. */
final class CarrierRecording {

    private static final Set<String> JDK = Set.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    private CarrierRecording() {}

    private record Place(Holder.Kind kind, String frame) {}

    /** The samples of one virtual thread at one place, in time order. */
    private record Samples(List<Instant> times, List<String> stack) {}

    /**
     * Reads a recording made with {@code holders.jfc}.
     *
     * @param from the beginning of the run; what was recorded before it does not count
     * @param elapsed how long the run took
     * @return the holders, the longest first
     */
    static List<Holder> holders(Path recording, Instant from, Duration elapsed, int carriers) throws IOException {
        Map<Place, Map<Long, Samples>> sampled = new HashMap<>();
        Map<Place, Duration> held = new HashMap<>();
        Map<Place, List<String>> stacks = new HashMap<>();
        Instant to = from.plus(elapsed);
        List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        for (RecordedEvent event : events) {
            if (event.getStackTrace() == null || event.getStartTime().isBefore(from) || event.getStartTime().isAfter(to)) {
                continue;
            }
            Holder.Kind kind = kind(event);
            RecordedThread thread = kind == Holder.Kind.PINNED ? event.getThread() : event.getThread("sampledThread");
            if (thread == null || !thread.isVirtual()) {
                continue;
            }
            List<String> stack = event.getStackTrace().getFrames().stream().map(CarrierRecording::name).toList();
            Place place = new Place(kind, firstOfTheUsers(stack));
            stacks.putIfAbsent(place, stack);
            if (kind == Holder.Kind.PINNED) {
                held.merge(place, event.getDuration(), Duration::plus);
            } else {
                sampled.computeIfAbsent(place, _ -> new HashMap<>())
                        .computeIfAbsent(thread.getJavaThreadId(), _ -> new Samples(new ArrayList<>(), stack))
                        .times().add(event.getStartTime());
            }
        }
        sampled.forEach((place, threads) -> held.put(place, heldTime(threads.values().stream().map(Samples::times).toList())));
        double available = seconds(elapsed) * carriers;
        return held.entrySet().stream()
                .map(entry -> new Holder(entry.getKey().frame(), entry.getKey().kind(),
                        Math.min(1, seconds(entry.getValue()) / available), stacks.get(entry.getKey())))
                .sorted(Comparator.comparingDouble(Holder::share).reversed())
                .toList();
    }

    private static Holder.Kind kind(RecordedEvent event) {
        return switch (event.getEventType().getName()) {
            case "jdk.NativeMethodSample" -> Holder.Kind.NATIVE;
            case "jdk.VirtualThreadPinned" -> Holder.Kind.PINNED;
            default -> Holder.Kind.RUNNING;
        };
    }

    /**
     * How long the sampled threads were there. The sampler takes one thread in native code at each tick, in turn, so
     * a sample stands for as long as it takes to come round again: the usual gap between two samples of one thread. A
     * longer gap means that the thread was away meanwhile.
     */
    static Duration heldTime(List<List<Instant>> threads) {
        List<Duration> gaps = new ArrayList<>();
        for (List<Instant> times : threads) {
            for (int i = 1; i < times.size(); i++) {
                gaps.add(Duration.between(times.get(i - 1), times.get(i)));
            }
        }
        gaps.sort(Comparator.naturalOrder());
        Duration usual = gaps.isEmpty() ? Duration.ofMillis(10) : gaps.get(gaps.size() / 2);
        Duration atMost = usual.multipliedBy(2);
        Duration within = gaps.stream().map(gap -> gap.compareTo(atMost) > 0 ? usual : gap)
                .reduce(Duration.ZERO, Duration::plus);
        return within.plus(usual.multipliedBy(threads.size()));
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

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
