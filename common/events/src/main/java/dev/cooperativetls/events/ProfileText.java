package dev.cooperativetls.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The text form of profiles and traces. */
public final class ProfileText {

    private ProfileText() {}

    /**
     * Returns the profile as a table.
     *
     * @param profile the methods, with the longest cumulative time first
     * @param elapsedSeconds the duration of the run
     * @param most the maximum number of rows
     */
    public static String profile(List<MethodTime> profile, double elapsedSeconds, int most) {
        var table = new TextTable(List.of("calls", "per call", "longest", "cumulative", "of the run", "method"),
                Set.of("calls", "per call", "longest", "cumulative", "of the run"));
        for (MethodTime time : profile.subList(0, Math.min(most, profile.size()))) {
            table.row(Long.toString(time.calls()), seconds(time.averageSeconds()), seconds(time.longestSeconds()),
                    seconds(time.cumulativeSeconds()),
                    percent(elapsedSeconds > 0 ? time.cumulativeSeconds() / elapsedSeconds : 0), time.method());
        }
        return "time in calls, waits included: concurrent calls can add up to more than 100 % of the run"
                + System.lineSeparator() + table.lines();
    }

    /** Returns the trace as text, with one line for each call and each return, in order of time. */
    public static String trace(List<Call> trace) {
        var steps = new ArrayList<CallStep>();
        trace.stream().collect(Collectors.groupingBy(Call::thread)).values().forEach(
                thread -> steps.addAll(inTurn(thread)));
        steps.sort(Comparator.comparingDouble(CallStep::time)); // stable, so a thread's steps keep their order
        var lines = new StringBuilder();
        for (CallStep step : steps) {
            lines.append(String.format(Locale.ROOT, "%8.4f s  %-8s %2d %s%s %s%s%n", step.time, step.call.thread(),
                    step.call.level(), "  ".repeat(step.call.level()), step.isReturn ? "<-" : "->",
                    brief(step.call.method()), step.isReturn ? "  " + seconds(step.call.seconds()) : ""));
        }
        return lines.toString();
    }

    private record CallStep(double time, Call call, boolean isReturn) {}

    /** Returns one thread's steps: a call has returned when the next call of its level, or of a lower one, begins. */
    private static List<CallStep> inTurn(List<Call> thread) {
        var steps = new ArrayList<CallStep>();
        Deque<Call> open = new ArrayDeque<>();
        for (Call call : thread) {
            while (open.size() >= call.level()) {
                steps.add(new CallStep(open.peek().end(), open.pop(), true));
            }
            steps.add(new CallStep(call.start(), call, false));
            open.push(call);
        }
        while (!open.isEmpty()) {
            steps.add(new CallStep(open.peek().end(), open.pop(), true));
        }
        return steps;
    }

    /** Returns a method's {@code class.method} without the package. */
    public static String brief(String method) {
        int name = method.lastIndexOf('.');
        return method.substring(method.lastIndexOf('.', name - 1) + 1);
    }

    /** Returns a share between 0 and 1 as a percentage, such as {@code 98 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String seconds(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%.2f s", value)
                : String.format(Locale.ROOT, value >= 0.1 ? "%.0f ms" : value >= 0.001 ? "%.1f ms" : "%.3f ms",
                        1000 * value);
    }
}
