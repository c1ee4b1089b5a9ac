package dev.cooperativetls.runstages;

import dev.cooperativetls.verdict.Holder;
import dev.cooperativetls.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** The verdicts as a table, for people. */
final class VerdictTable {

    private static final List<String> HEAD =
            List.of("stage", "installed", "read call", "time", "peak", "verdict", "culprit");
    private static final int TIME = HEAD.indexOf("time");
    private static final int PEAK = HEAD.indexOf("peak");
    private static final int VERDICT = HEAD.indexOf("verdict");

    private VerdictTable() {}

    static String of(List<Outcome> outcomes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        outcomes.forEach(outcome -> rows.add(row(outcome)));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String padding = " ".repeat(widths[column] - row.get(column).length());
                boolean number = column == TIME || column == PEAK;
                String text = coloured(row.get(column), column);
                line.append(number ? padding + text : text + padding).append("  ");
            }
            table.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return table.toString();
    }

    private static List<String> row(Outcome outcome) {
        return List.of(
                outcome.cell().stage().toString(),
                outcome.cell().installed(),
                outcome.cell().readCall().method(),
                String.format(Locale.ROOT, "%.2f s", outcome.seen().elapsedSeconds()),
                Integer.toString(outcome.seen().atOnce()),
                outcome.seen().verdict().map(Verdict::name).orElse("none"),
                outcome.seen().culprit().map(VerdictTable::culprit).orElse("-"));
    }

    /** Class and method will do here; the package is in the JSON. */
    private static String culprit(Holder holder) {
        int method = holder.frame().lastIndexOf('.');
        int type = holder.frame().lastIndexOf('.', method - 1);
        return String.format(Locale.ROOT, "%s %.0f %%", holder.frame().substring(type + 1), 100 * holder.share());
    }

    private static String coloured(String text, int column) {
        String style = switch (column == VERDICT ? text : "") {
            case "FAST" -> "bold,green";
            case "SLOW" -> "bold,red";
            case "PARTIAL", "HUNG", "none" -> "bold,magenta";
            default -> null;
        };
        return style == null ? text : Ansi.AUTO.string("@|%s %s|@".formatted(style, text));
    }
}
