package dev.cooperativetls.report;

import java.util.List;
import java.util.Map;

/** What a flight recording shows, as one HTML page that needs no network, no font and no script. */
public final class RecordingPage {

    private RecordingPage() {}

    /**
     * A line of the table.
     *
     * @param texts one text per column
     * @param stack a stack of this line, innermost frame first; may be empty
     */
    public record Line(List<String> texts, List<String> stack) {}

    /**
     * Returns the page, which must be written in UTF-8. All texts are escaped.
     *
     * @param name the name of the recording
     * @param facts facts about the recording by name, in the order in which they are shown
     * @param columns the names of the columns; all except the last two have numbers
     * @param lines the lines of the table
     */
    public static String of(String name, Map<String, String> facts, List<String> columns, List<Line> lines) {
        return HtmlReport.page("recording.ftlh",
                Map.of("name", name, "facts", facts, "columns", columns, "lines", lines));
    }
}
