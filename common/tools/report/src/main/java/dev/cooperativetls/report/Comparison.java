package dev.cooperativetls.report;

import dev.cooperativetls.events.Build;
import dev.cooperativetls.events.Machine;
import dev.cooperativetls.events.ProfileText;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.recorder.CarrierBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The changes between two results. Runs with the same stage and read call are compared.
 *
 * @param before the name of the earlier results
 * @param compared the number of runs that are in both results
 * @param changes the runs in which something has changed, in the order of the later results
 * @param notes a line for each other difference: in the environment, in the settings, and runs that only one of the
 *     results has
 */
public record Comparison(String before, int compared, List<Change> changes, List<String> notes) {

    /** The columns of a table of the changes. */
    public static final List<String> COLUMNS = List.of("stage", "read call", "verdict", "peak", "culprit", "time");

    /**
     * The least factor by which a changed time differs. Two runs of bench on one quiet machine differed by up to 38 %
     * (2026-11-25).
     */
    static final double NOISE = 1.5;

    private static final String NONE = "none";

    /**
     * A run in which something has changed.
     *
     * @param verdictChanged whether the verdict has changed, and not only the peak, the culprit or the time
     * @param texts a text for each of the {@link #COLUMNS}, such as {@code FAST -> SLOW} if the value has changed
     */
    public record Change(boolean verdictChanged, List<String> texts) {}

    /**
     * Compares two results.
     *
     * @param name the name of the earlier results
     * @param before the earlier results
     * @param now the later results
     */
    public static Comparison of(String name, RunResults before, RunResults now) {
        Map<String, RunResult> earlier = byCell(before);
        Map<String, RunResult> later = byCell(now);
        List<Change> changes = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        later.forEach((cell, run) -> Optional.ofNullable(earlier.get(cell)).flatMap(old -> change(old, run))
                .ifPresent(changes::add));
        differences("environment", environment(before.head()), environment(now.head())).ifPresent(notes::add);
        differences("settings", settings(before), settings(now)).ifPresent(notes::add);
        missing(name, earlier, later).ifPresent(notes::add);
        missing("these results", later, earlier).ifPresent(notes::add);
        return new Comparison(name, (int) later.keySet().stream().filter(earlier::containsKey).count(), changes, notes);
    }

    /** Returns whether a verdict has changed. */
    public boolean verdictChanged() {
        return changes.stream().anyMatch(Change::verdictChanged);
    }

    /** Returns one line about how much has changed. */
    public String summary() {
        String runs = compared == 1 ? "1 run" : compared + " runs";
        if (compared == 0) {
            return "Compared with %s: no run is in both".formatted(before);
        }
        long verdicts = changes.stream().filter(Change::verdictChanged).count();
        return changes.isEmpty() ? "Compared with %s: nothing has changed in %s".formatted(before, runs)
                : "Compared with %s: of %s, %s changed, %s in the verdict".formatted(before, runs, changes.size(),
                        verdicts == 0 ? NONE : verdicts);
    }

    /** Returns the runs by stage and read call. If there are two for one key, the last one counts. */
    private static Map<String, RunResult> byCell(RunResults results) {
        return results.runs().stream().collect(Collectors.toMap(run -> run.stage() + " " + run.readCall(),
                Function.identity(), (_, last) -> last, LinkedHashMap::new));
    }

    private static Optional<Change> change(RunResult before, RunResult now) {
        double times = before.observation().elapsedSeconds() == 0 ? 1
                : now.observation().elapsedSeconds() / before.observation().elapsedSeconds();
        boolean slower = times > NOISE || times < 1 / NOISE;
        boolean verdict = before.verdict() != now.verdict();
        String time = seconds(now);
        List<String> texts = List.of(now.stage(), now.readCall(), arrow(verdict(before), verdict(now)),
                arrow(Integer.toString(before.observation().atOnce()), Integer.toString(now.observation().atOnce())),
                arrow(culprit(before), culprit(now)),
                slower ? String.format(Locale.ROOT, "%s -> %s (x %.2f)", seconds(before), time, times) : time);
        boolean changed = slower || verdict || !culprit(before).equals(culprit(now))
                || before.observation().atOnce() != now.observation().atOnce();
        return changed ? Optional.of(new Change(verdict, texts)) : Optional.empty();
    }

    private static String arrow(String before, String now) {
        return before.equals(now) ? now : before + " -> " + now;
    }

    private static String verdict(RunResult run) {
        return run.verdict() == null ? NONE : run.verdict().name();
    }

    private static String culprit(RunResult run) {
        CarrierBlock culprit = run.culprit();
        return culprit == null ? "-" : ProfileText.brief(culprit.frame());
    }

    private static String seconds(RunResult run) {
        return String.format(Locale.ROOT, "%.2f s", run.observation().elapsedSeconds());
    }

    private static Map<String, Object> environment(ResultsHead head) {
        Machine machine = head.environment();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("JDK", machine.jdk());
        facts.put("vendor", machine.vendor());
        facts.put("system", machine.os());
        facts.put("kernel", machine.kernel());
        facts.put("CPU", machine.cpu());
        facts.put("cores", machine.cores());
        facts.put("memory", machine.memory());
        facts.put("container limits", machine.limits());
        facts.put("program", programOf(head.program()));
        return facts;
    }

    private static String programOf(Build program) {
        return program.commit() == null ? program.version()
                : "%s (%s)".formatted(program.version(), program.commit().replaceFirst("^(.{12})[^-]*", "$1"));
    }

    private static Map<String, Object> settings(RunResults results) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("JVM options", results.head().jvmOptions());
        facts.put("warm-up", results.head().warmUp());
        facts.put("client", each(results, RunResult::client));
        facts.put("patch", each(results, run -> Objects.requireNonNullElse(run.patch(), "-")));
        facts.put("pages", each(results, run -> run.observation().pageCount()));
        facts.put("delay", each(results, run -> run.observation().delaySeconds().isEmpty() ? "of another server"
                : run.observation().delaySeconds().getAsDouble() + " s"));
        facts.put("carriers", each(results, run -> run.observation().carriers()));
        return facts;
    }

    private static String each(RunResults results, Function<RunResult, Object> fact) {
        return results.runs().stream().map(fact).map(Object::toString).filter(text -> !text.equals("-")).distinct()
                .collect(Collectors.joining(", "));
    }

    /** Returns a line about the values that differ. A value that one result lacks, such as a patch, is skipped. */
    private static Optional<String> differences(String what, Map<String, Object> before, Map<String, Object> now) {
        String differences = now.entrySet().stream()
                .filter(fact -> !Objects.equals(fact.getValue(), before.get(fact.getKey())))
                .filter(fact -> !"".equals(fact.getValue()) && !"".equals(before.get(fact.getKey())))
                .map(fact -> "%s %s -> %s".formatted(fact.getKey(),
                        Objects.requireNonNullElse(before.get(fact.getKey()), "unknown"),
                        Objects.requireNonNullElse(fact.getValue(), "unknown")))
                .collect(Collectors.joining("; "));
        return differences.isEmpty() ? Optional.empty()
                : Optional.of("different %s: %s".formatted(what, differences));
    }

    private static Optional<String> missing(String name, Map<String, RunResult> here, Map<String, RunResult> there) {
        List<String> missing = here.keySet().stream().filter(cell -> !there.containsKey(cell)).toList();
        return missing.isEmpty() ? Optional.empty()
                : Optional.of("only in %s: %s".formatted(name, String.join(", ", missing)));
    }
}
