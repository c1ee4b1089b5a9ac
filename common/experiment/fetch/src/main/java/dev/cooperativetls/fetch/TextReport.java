package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The report as text. */
final class TextReport implements Consumer<Event> {

    private final PrintStream out;
    private final boolean showsSocketClass;
    private final List<Page> invalid = new ArrayList<>();

    TextReport(PrintStream out, boolean showsSocketClass) {
        this.out = out;
        this.showsSocketClass = showsSocketClass;
    }

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.Ready _ -> out.println("ready: waiting for a line on standard input");
            case Start start -> start(start);
            case Page page when page.valid() -> { }
            case Page page -> invalid.add(page); // the end reports them together, by problem
            case End end -> end(end);
            case Event.Profile _, Call _, Event.Client _ ->
                throw new IllegalArgumentException("Fetch prints profiles, traces and clients");
        }
    }

    private void start(Start start) {
        if (start.jars() != null) {
            out.println("modules:");
            start.jars().forEach(jar -> out.println("  " + jar));
        }
        if (start.sslContexts() != null) {
            out.println("SSLContext: " + start.sslContexts().inForce());
            out.println("without what is on the class path: " + start.sslContexts().withoutClassPath());
        }
        out.println("START");
        out.printf("TLS provider: %s %s (%s): %s%n", start.provider().name(), start.provider().version(),
                start.provider().from(), start.provider().info());
        out.println("page ids: " + start.urlCount());
    }

    private void end(End end) {
        out.println("valid: " + end.valid());
        out.println("invalid: " + end.invalid());
        invalid.sort(Comparator.comparingInt(Page::page));
        Map<String, List<Integer>> byProblem = invalid.stream().collect(Collectors.groupingBy(
                Page::problem, LinkedHashMap::new, Collectors.mapping(Page::page, Collectors.toList())));
        byProblem.forEach((problem, ids) ->
                out.printf("  %s %s: %s%n", ids.size() == 1 ? "page" : "pages", ranges(ids), problem));
        if (showsSocketClass) {
            out.println("socket class: " + Objects.requireNonNullElse(end.socketClass(), "not known"));
        }
        out.printf(Locale.ROOT, "total time: %.2f s%n", end.elapsedSeconds());
        out.println("END");
        out.flush();
    }

    /** Returns ascending ids as text, such as {@code 0-3, 5, 7-9}. */
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
