package dev.cooperativetls.fetch;

import dev.cooperativetls.recorder.Readings;
import dev.cooperativetls.recorder.ReadingsText;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The report for people. */
final class TextReport implements Report {

    private final PrintStream out;
    private final Settings settings;
    private final Introduction introduction;
    private final InstrumentOptions options;

    TextReport(PrintStream out, Settings settings, Introduction introduction, InstrumentOptions options) {
        this.out = out;
        this.settings = settings;
        this.introduction = introduction;
        this.options = options;
    }

    @Override
    public void start(Instant time) {
        if (introduction.jars() != null) {
            out.println("modules:");
            introduction.jars().forEach(jar -> out.println("  " + jar));
        }
        if (introduction.contexts() != null) {
            out.println("SSLContext: " + introduction.contexts().inForce());
            out.println("without what is on the class path: " + introduction.contexts().withoutClassPath());
        }
        TlsProvider provider = introduction.provider();
        out.println("START");
        out.printf("TLS provider: %s %s (%s): %s%n",
                provider.name(), provider.version(), provider.from(), provider.info());
        out.println("page ids: " + settings.urlCount());
    }

    @Override
    public void page(Page page) {
        // The end tells them together, by reason.
    }

    @Override
    public void end(End end) {
        out.println("valid: " + end.valid());
        out.println("invalid: " + end.invalid().size());
        Map<String, List<Integer>> byReason = end.invalid().stream().collect(Collectors.groupingBy(
                Page::problem, LinkedHashMap::new, Collectors.mapping(Page::id, Collectors.toList())));
        byReason.forEach((reason, ids) ->
                out.printf("  %s %s: %s%n", ids.size() == 1 ? "page" : "pages", ranges(ids), reason));
        if (options.socketClass()) {
            out.println("socket class: " + Objects.requireNonNullElse(end.socketClass(), "none, there was no connection"));
        }
        out.printf(Locale.ROOT, "total time: %.2f s%n", end.elapsed());
        out.println("END");
        out.flush();
    }

    @Override
    public void readings(Readings readings, End end) {
        if (readings.profile() != null) {
            out.println();
            out.print(ReadingsText.profile(readings.profile(), end.elapsed(), options.statsCount()));
            out.println();
            out.print(ReadingsText.holders(readings.holders()));
        }
        if (readings.trace() != null) {
            out.println();
            out.print(ReadingsText.trace(readings.trace()));
        }
        out.flush();
    }

    /** Ascending ids, such as {@code 0-3, 5, 7-9}. */
    static String ranges(List<Integer> ids) {
        var ranges = new ArrayList<String>();
        int first = 0;
        for (int i = 1; i <= ids.size(); i++) {
            if (i == ids.size() || ids.get(i) != ids.get(i - 1) + 1) {
                int from = ids.get(first);
                int to = ids.get(i - 1);
                ranges.add(from == to ? Integer.toString(from) : from + "-" + to);
                first = i;
            }
        }
        return String.join(", ", ranges);
    }
}
