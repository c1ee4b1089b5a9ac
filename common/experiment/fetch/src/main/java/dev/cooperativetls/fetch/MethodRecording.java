package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.MethodTime;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;

/** The profile and the trace of a flight recording. */
final class MethodRecording {

    private record Method(String name, String descriptor) {

        static Method of(RecordedMethod method) {
            return new Method(method.getType().getName() + "." + method.getName(), method.getDescriptor());
        }

        String withParameters() {
            return MethodTypeDesc.ofDescriptor(descriptor).parameterList().stream()
                    .map(ClassDesc::displayName)
                    .collect(Collectors.joining(", ", name + "(", ")"));
        }
    }

    private MethodRecording() {}

    /** Returns the methods that were called, with the longest cumulative time first. */
    static List<MethodTime> profile(List<RecordedEvent> recording) {
        Map<Method, RecordedEvent> timings = new LinkedHashMap<>();
        for (RecordedEvent event : recording) {
            if (isA("jdk.MethodTiming", event) && event.getLong("invocations") > 0) {
                // The counts are cumulative over chunks, so the last event has them all.
                timings.put(Method.of(event.getValue("method")), event);
            }
        }
        Map<String, Long> overloads =
                timings.keySet().stream().collect(Collectors.groupingBy(Method::name, Collectors.counting()));
        return timings.entrySet().stream()
                .map(timing -> new MethodTime(
                        overloads.get(timing.getKey().name()) == 1
                                ? timing.getKey().name()
                                : timing.getKey().withParameters(),
                        timing.getValue().getLong("invocations"),
                        seconds(timing.getValue().getDuration("average")),
                        seconds(timing.getValue().getDuration("maximum"))))
                .sorted(Comparator.comparingDouble(MethodTime::cumulativeSeconds).reversed())
                .toList();
    }

    /** Returns the calls that began during the run, in that order. */
    static List<Call> trace(List<RecordedEvent> recording, Instant from, Duration elapsed) {
        Instant to = from.plus(elapsed);
        Map<Long, List<RecordedEvent>> byThread = recording.stream()
                .filter(event -> isA("jdk.MethodTrace", event) && event.getThread() != null)
                .filter(event -> !event.getStartTime().isBefore(from) && !event.getStartTime().isAfter(to))
                .collect(Collectors.groupingBy(event -> event.getThread().getJavaThreadId()));
        Map<String, Long> namesakes = byThread.values().stream()
                .collect(Collectors.groupingBy(MethodRecording::threadName, Collectors.counting()));
        return byThread.entrySet().stream()
                .map(thread -> {
                    String name = threadName(thread.getValue());
                    String unique = namesakes.get(name) == 1 ? name : name + "#" + thread.getKey();
                    return nested(thread.getValue(), unique, from);
                })
                .flatMap(Collection::stream)
                .sorted(Comparator.comparingDouble(Call::start))
                .toList();
    }

    /** Returns the calls of one thread. JFR writes a call when it returns, so it comes after the calls that it made. */
    private static List<Call> nested(List<RecordedEvent> thread, String name, Instant from) {
        var calls = new ArrayList<>(thread.reversed());
        calls.sort(Comparator.comparing(RecordedEvent::getStartTime));
        Deque<Instant> ends = new ArrayDeque<>();
        List<Call> nested = new ArrayList<>();
        for (RecordedEvent call : calls) {
            while (!ends.isEmpty() && ends.peek().isBefore(call.getEndTime())) {
                ends.pop();
            }
            ends.push(call.getEndTime());
            nested.add(new Call(seconds(Duration.between(from, call.getStartTime())), seconds(call.getDuration()),
                    name, ends.size(), Method.of(call.getValue("method")).name()));
        }
        return nested;
    }

    private static String threadName(List<RecordedEvent> thread) {
        return Objects.requireNonNullElse(thread.getFirst().getThread().getJavaName(), "");
    }

    private static boolean isA(String type, RecordedEvent event) {
        return event.getEventType().getName().equals(type);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
