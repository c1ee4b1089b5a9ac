package dev.cooperativetls.report;

import java.util.List;
import java.util.Map;

/** What a flight recording tells, as one HTML page that needs nothing else. */
public final class RecordingPage {

    private RecordingPage() {}

    /**
     * A line of its table.
     *
     * @param texts one per column
     * @param stack the stack of one such moment, innermost frame first
     */
    public record Line(List<String> texts, List<String> stack) {}

    /**
     * The page, in UTF-8 once it is written. All texts are data in it, never markup.
     *
     * @param name what the recording is called
     * @param facts what the recording is and can tell, by name, in their order
     * @param columns the names of the columns; all but the last two have numbers
     */
    public static String of(String name, Map<String, String> facts, List<String> columns, List<Line> lines) {
        return HtmlReport.page("recording.ftlh",
                Map.of("name", name, "facts", facts, "columns", columns, "lines", lines));
    }
}
