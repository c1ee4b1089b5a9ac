package dev.cooperativetls.recorder;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** A table for a terminal: columns as wide as they must be, two spaces between them. */
public final class TextTable {

    private final List<String> head;
    private final Set<String> numbers;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param numbers the columns that are set flush right
     */
    public TextTable(List<String> head, Set<String> numbers) {
        this.head = head;
        this.numbers = numbers;
        rows.add(head);
    }

    /** Adds a row, with a text for each column. */
    public void row(String... texts) {
        rows.add(List.of(texts));
    }

    /** The lines, the head first, each with its line end. */
    public String lines() {
        return lines((_, text) -> text);
    }

    /**
     * The lines, the head first, each with its line end.
     *
     * @param style given a column and a text in it, the text with what a terminal needs to set it off
     */
    public String lines(BinaryOperator<String> style) {
        int[] widths = IntStream.range(0, head.size()).map(this::width).toArray();
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < head.size(); i++) {
                String text = style.apply(head.get(i), row.get(i));
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(numbers.contains(head.get(i)) ? padding + text : text + padding).append("  ");
            }
            table.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return table.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
