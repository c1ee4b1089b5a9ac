package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.TextTable;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.Recorded;
import dev.cooperativetls.recorder.Sight;
import dev.cooperativetls.report.RecordingPage;
import dev.cooperativetls.report.RecordingPage.Line;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of a recording as text, JSON or HTML.
 *
 * @param name the name of the recording
 * @param fromScheduler whether the number of carriers comes from the scheduler of the running JVM
 * @param blocks the blocks to show
 * @param base the recording to compare with; null if there is none
 */
record RecordingText(String name, Recorded recorded, boolean fromScheduler, List<CarrierBlock> blocks, Base base) {

    private static final int SCHEMA = 1;
    private static final String[] COLUMNS =
            {"of the carriers", "before", "longest", "samples", "how", "carrier blocked by"};

    /**
     * The recording to compare with.
     *
     * @param blocks the blocks to show
     */
    record Base(String name, Recorded recorded, List<CarrierBlock> blocks) {}

    /** Returns a line for each of these kinds that the recording cannot show. */
    List<String> blind(Set<Kind> kinds) {
        Sight sight = recorded.sight();
        List<String> blind = new ArrayList<>();
        if (kinds.contains(Kind.NATIVE) && sight.nativePeriod().isEmpty()) {
            blind.add("waits in native code cannot be shown: the recording has no jdk.NativeMethodSample");
        }
        if (kinds.contains(Kind.PINNED) && sight.pinnedThreshold().isEmpty()) {
            blind.add("pinned threads cannot be shown: the recording has no jdk.VirtualThreadPinned");
        }
        if (kinds.contains(Kind.COMPUTING) && sight.javaPeriod().isEmpty()) {
            blind.add("computing threads cannot be shown: the recording has no jdk.ExecutionSample");
        }
        return blind;
    }

    /** Returns what the recording can show, and a table of what blocked the carriers. */
    String table(boolean stacks) {
        var text = new StringBuilder();
        facts().forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-10s %s%n", name, value)));
        List<String> columns = columns(COLUMNS);
        var table = new TextTable(columns, Set.copyOf(columns.subList(0, columns.size() - 2)));
        List<Line> lines = lines();
        lines.forEach(line -> table.row(line.texts().toArray(String[]::new)));
        if (!lines.isEmpty()) {
            text.append(System.lineSeparator()).append(table.lines());
        }
        if (stacks) {
            for (CarrierBlock block : blocks) {
                text.append(String.format(Locale.ROOT, "%n%s%n", block.frame()));
                block.stack().forEach(frame -> text.append("    at ").append(frame).append(System.lineSeparator()));
            }
        }
        return text.toString();
    }

    /** Returns the same as a page, with a stack for each line. */
    String html() {
        return RecordingPage.of(name.replaceFirst(".*/", ""), facts(), columns(COLUMNS), lines());
    }

    /** Returns facts about the recording, by name: its time, its carriers, and what it can show. */
    private Map<String, String> facts() {
        Sight sight = recorded.sight();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("recording", heading(name, recorded));
        if (base != null) {
            facts.put("before", heading(base.name, base.recorded));
        }
        facts.put("carriers", "%s, %s".formatted(recorded.carriers().getAsInt(), switch (recorded.source()) {
            case GIVEN -> fromScheduler ? "reported by its scheduler" : "given by --carriers";
            case CONFIGURED -> "set by the options of the JVM";
            case PROCESSORS -> "one per processor; if the program sets another number, give --carriers";
        }));
        facts.put("native", described(sight.nativePeriod(), period -> {
            Duration turn = period.multipliedBy(Math.max(1, recorded.threadsInTurn()));
            return recorded.threadsInTurn() == 0
                    ? "sampled every %s, and no thread was seen in native code".formatted(millis(period))
                    : "sampled every %s, %s in turn: every block of %s or longer is seen".formatted(
                            millis(period), recorded.threadsInTurn() == 1 ? "one thread"
                                    : recorded.threadsInTurn() + " threads", millis(turn));
        }));
        facts.put("pinned", described(sight.pinnedThreshold(), least -> "recorded from %s".formatted(millis(least))));
        facts.put("computing", described(sight.javaPeriod(), period -> "sampled every %s".formatted(millis(period))));
        List<String> worth = blocks.stream().filter(CarrierBlock::worthNaming).map(CarrierBlock::frame).toList();
        facts.put("blocked by", worth.isEmpty() ? "nothing for a tenth of the time" : String.join(", ", worth));
        return facts;
    }

    /** Returns the lines of the table: first the blocks of this recording, then those that only the base has. */
    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (CarrierBlock block : blocks) {
            lines.add(line(block, share(block), before(block.frame()).map(RecordingText::share).orElse("-")));
        }
        if (base != null) {
            base.blocks.stream()
                    .filter(block -> recorded.blocks().stream().noneMatch(now -> now.frame().equals(block.frame())))
                    .forEach(block -> lines.add(line(block, "-", share(block))));
        }
        return lines;
    }

    private Line line(CarrierBlock block, String now, String before) {
        boolean unseen = block.kind() == Kind.UNSEEN;
        return new Line(columns(now, before, unseen ? "-" : seconds(block.longestSeconds()),
                unseen ? "-" : Integer.toString(block.samples()), block.kind().word(),
                block.frame() + (block.detail() == null ? "" : " (%s)".formatted(block.detail()))), block.stack());
    }

    private static String heading(String name, Recorded recorded) {
        return "%s, %s to %s%s".formatted(name.replaceFirst(".*/", ""),
                recorded.from().truncatedTo(ChronoUnit.SECONDS), recorded.to().truncatedTo(ChronoUnit.SECONDS),
                recorded.jvmVersion() == null ? "" : ", " + recorded.jvmVersion().replaceFirst(" for .*", ""));
    }

    private Optional<CarrierBlock> before(String frame) {
        return base == null ? Optional.empty()
                : base.recorded.blocks().stream().filter(block -> block.frame().equals(frame)).findFirst();
    }

    /** Returns the columns, without the second one if there is no base. */
    private List<String> columns(String... all) {
        List<String> columns = new ArrayList<>(List.of(all));
        if (base == null) {
            columns.remove(1);
        }
        return columns;
    }

    /** Returns the same as JSON. */
    String json() {
        Sight sight = recorded.sight();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("schema", SCHEMA);
        all.put("file", name);
        all.put("from", recorded.from().toString());
        all.put("to", recorded.to().toString());
        all.put("jvm", recorded.jvmVersion());
        all.put("carriers", recorded.carriers().getAsInt());
        all.put("carriersSource", fromScheduler ? "SCHEDULER" : recorded.source());
        all.put("nativePeriodMillis", sight.nativePeriod().map(Duration::toMillis).orElse(null));
        all.put("pinnedThresholdMillis", sight.pinnedThreshold().map(Duration::toMillis).orElse(null));
        all.put("javaPeriodMillis", sight.javaPeriod().map(Duration::toMillis).orElse(null));
        all.put("threadsInTurn", recorded.threadsInTurn());
        all.put("blocks", blocks);
        if (base != null) {
            all.put("before", Map.of("file", base.name, "from", base.recorded.from().toString(), "to",
                    base.recorded.to().toString(), "blocks", base.blocks));
        }
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(all)
                + System.lineSeparator();
    }

    /**
     * Returns the blocks as collapsed stacks for flame graphs: a line per stack, outermost frame first, with its
     * milliseconds.
     */
    String collapsed() {
        return blocks.stream()
                .flatMap(block -> recorded.stacks().getOrDefault(block.frame(), Map.of()).entrySet().stream())
                .filter(stack -> stack.getValue().toMillis() > 0)
                .map(stack -> String.join(";", stack.getKey().reversed()) + " " + stack.getValue().toMillis())
                .sorted().map(line -> line + System.lineSeparator()).collect(Collectors.joining());
    }

    private interface Words {
        String of(Duration time);
    }

    private static String described(Optional<Duration> setting, Words words) {
        return setting.map(words::of).orElse("not recorded");
    }

    private static String share(CarrierBlock block) {
        double error = block.samples() == 0 ? 0 : block.share() / Math.sqrt(block.samples());
        return String.format(Locale.ROOT, "%.0f %% ± %.0f", 100 * block.share(), Math.ceil(100 * error));
    }

    private static String seconds(double seconds) {
        return seconds < 1 ? String.format(Locale.ROOT, "%.0f ms", 1000 * seconds)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private static String millis(Duration time) {
        return seconds(time.toNanos() / 1e9);
    }
}
