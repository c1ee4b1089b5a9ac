package dev.cooperativetls.recorder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Readings for people, as lines of text. */
public final class ReadingsText {

    private ReadingsText() {}

    /**
     * The profile, by cumulative time.
     *
     * @param elapsedSeconds how long the run took
     * @param most how many lines at the most
     */
    public static String profile(List<MethodTime> profile, double elapsedSeconds, int most) {
        TextTable table = new TextTable(List.of("calls", "per call", "longest", "cumulative", "of the run", "method"),
                Set.of("calls", "per call", "longest", "cumulative", "of the run"));
        for (MethodTime time : profile.subList(0, Math.min(most, profile.size()))) {
            table.row(Long.toString(time.calls()), seconds(time.averageSeconds()), seconds(time.longestSeconds()),
                    seconds(time.cumulativeSeconds()),
                    percent(elapsedSeconds > 0 ? time.cumulativeSeconds() / elapsedSeconds : 0), time.method());
        }
        return "time in calls, their waits included: what waits together adds up to more than the run"
                + System.lineSeparator() + table.lines();
    }

    /** Who held the carriers, and for how much of their time. */
    public static String holders(List<Holder> holders) {
        TextTable table = new TextTable(List.of("of the run", "how", "carrier held by"), Set.of("of the run"));
        List<Holder> worth = holders.stream().filter(Holder::worthNaming).toList();
        for (Holder holder : worth) {
            table.row(percent(holder.share()), holder.kind().name().toLowerCase(Locale.ROOT), holder.frame());
        }
        if (worth.isEmpty()) {
            table.row("-", "-", "nobody for long");
        }
        return "who held the carrier" + System.lineSeparator() + table.lines();
    }

    /** Calls and returns, in the order in which they happened. */
    public static String trace(List<Call> trace) {
        Map<String, List<Call>> byThread = trace.stream().collect(Collectors.groupingBy(Call::thread));
        List<Step> steps = new ArrayList<>();
        byThread.values().forEach(thread -> steps.addAll(inTurn(thread)));
        steps.sort(Comparator.comparingDouble(Step::time)); // stable, so a thread's steps keep their order
        StringBuilder lines = new StringBuilder();
        for (Step step : steps) {
            lines.append(String.format(Locale.ROOT, "%8.4f s  %-8s %2d %s%s %s%s%n", step.time, step.call.thread(),
                    step.call.level(), "  ".repeat(step.call.level()), step.isReturn ? "<-" : "->",
                    brief(step.call.method()), step.isReturn ? "  " + seconds(step.call.seconds()) : ""));
        }
        return lines.toString();
    }

    private record Step(double time, Call call, boolean isReturn) {}

    /** One thread's calls and returns: a call has returned when the next of its level, or of a lower one, begins. */
    private static List<Step> inTurn(List<Call> thread) {
        List<Step> steps = new ArrayList<>();
        Deque<Call> open = new ArrayDeque<>();
        for (Call call : thread) {
            while (open.size() >= call.level()) {
                steps.add(new Step(open.peek().end(), open.pop(), true));
            }
            steps.add(new Step(call.start(), call, false));
            open.push(call);
        }
        while (!open.isEmpty()) {
            steps.add(new Step(open.peek().end(), open.pop(), true));
        }
        return steps;
    }

    /** A method as {@code class.method}, without the package. */
    public static String brief(String method) {
        int name = method.lastIndexOf('.');
        return method.substring(method.lastIndexOf('.', name - 1) + 1);
    }

    private static String seconds(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%.2f s", value)
                : String.format(Locale.ROOT, value >= 0.1 ? "%.0f ms" : value >= 0.001 ? "%.1f ms" : "%.3f ms",
                        1000 * value);
    }

    /** A share, 0 to 1, in per cent. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
