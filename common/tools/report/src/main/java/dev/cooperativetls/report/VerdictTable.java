package dev.cooperativetls.report;

import dev.cooperativetls.recorder.Holder;
import dev.cooperativetls.recorder.ReadingsText;
import dev.cooperativetls.recorder.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** The verdicts as a table, for people. */
public final class VerdictTable {

    private static final String VERDICT = "verdict";

    private VerdictTable() {}

    /** A line for each run, in colour if the terminal has any. */
    public static String of(List<RunResult> runs) {
        TextTable table = new TextTable(
                List.of("stage", "installed", "read call", "time", "peak", VERDICT, "culprit"), Set.of("time", "peak"));
        for (RunResult run : runs) {
            table.row(run.stageName(), run.installed(), run.readCall(),
                    String.format(Locale.ROOT, "%.2f s", run.elapsedSeconds()), Integer.toString(run.atOnce()),
                    run.verdict() == null ? "none" : run.verdict(),
                    run.culprit() == null ? "-" : culprit(run.holders().getFirst()));
        }
        return table.lines(VerdictTable::coloured);
    }

    /** Class and method will do here; the package is in the JSON. */
    private static String culprit(Holder holder) {
        return ReadingsText.brief(holder.frame()) + " " + ReadingsText.percent(holder.share());
    }

    private static String coloured(String column, String text) {
        String style = switch (column.equals(VERDICT) ? text : "") {
            case "FAST" -> "bold,green";
            case "SLOW" -> "bold,red";
            case "PARTIAL", "HUNG", "none" -> "bold,magenta";
            default -> null;
        };
        return style == null ? text : Ansi.AUTO.string("@|%s %s|@".formatted(style, text));
    }
}
