package dev.cooperativetls.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** A table for a terminal. Each column is as wide as its longest text, with two spaces between columns. */
public final class TextTable {

    private final List<String> head;
    private final Set<String> numbers;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Creates a table without rows.
     *
     * @param head the names of the columns
     * @param numbers the columns that are aligned to the right
     */
    public TextTable(List<String> head, Set<String> numbers) {
        this.head = head;
        this.numbers = numbers;
        rows.add(head);
    }

    /** Adds a row with one text per column. */
    public void row(String... texts) {
        rows.add(List.of(texts));
    }

    /** Returns the lines, the head first, each with its line end. */
    public String lines() {
        return lines((_, text) -> text);
    }

    /**
     * Returns the lines, the head first, each with its line end.
     *
     * @param style adds the terminal's colour codes; its arguments are the name of a column and a text
     */
    public String lines(BinaryOperator<String> style) {
        int[] widths = IntStream.range(0, head.size()).map(this::width).toArray();
        var table = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
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
