package dev.cooperativetls.applypatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A line of text and what ends it: {@code "\n"}, {@code "\r\n"}, or nothing for a last line without a newline.
 *
 * <p>LF and CRLF count as equal, so that a diff applies to a checkout with either; a missing newline does not.
 */
record Line(String text, String end) {

    static List<Line> split(String content) {
        var lines = new ArrayList<Line>();
        for (int start = 0; start < content.length(); ) {
            int newline = content.indexOf('\n', start);
            int next = newline < 0 ? content.length() : newline + 1;
            var line = content.substring(start, next);
            var end = line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
            lines.add(new Line(line.substring(0, line.length() - end.length()), end));
            start = next;
        }
        return lines;
    }

    static String join(List<Line> lines) {
        return lines.stream().map(line -> line.text + line.end).collect(Collectors.joining());
    }

    boolean hasNewline() {
        return !end.isEmpty();
    }

    /** This line ended by {@code newline}, unless it ends without one. */
    Line endedBy(String newline) {
        return hasNewline() ? new Line(text, newline) : this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Line line && text.equals(line.text) && hasNewline() == line.hasNewline();
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return '"' + text + '"' + (hasNewline() ? "" : " without a newline");
    }
}
