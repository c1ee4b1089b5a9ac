package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.ProfileText;
import dev.cooperativetls.events.TextTable;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.report.RunResult;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** Verdicts and culprits as tables for people. */
public final class VerdictTable {

    /** The title of the column with the verdicts. */
    public static final String VERDICT = "verdict";

    private VerdictTable() {}

    /** Returns a table with a row for each run, in colour if the terminal has colours, and a line for each remark. */
    public static String of(List<RunResult> runs) {
        var table = new TextTable(
                List.of("stage", "installed", "read call", "time", "peak", VERDICT, "culprit"), Set.of("time", "peak"));
        for (RunResult run : runs) {
            table.row(run.stage(), run.installed(), run.readCall(),
                    String.format(Locale.ROOT, "%.2f s", run.observation().elapsedSeconds()),
                    Integer.toString(run.observation().atOnce()), run.verdict() == null ? "none" : run.verdict().name(),
                    run.culprit() == null ? "-" : brief(run.culprit()));
        }
        String remarks = runs.stream().flatMap(run -> run.observation().remarks().stream()
                        .map(remark -> "%s %s: %s%n".formatted(run.stage(), run.readCall(), remark)))
                .collect(Collectors.joining());
        return table.lines(VerdictTable::coloured) + remarks;
    }

    /** Returns the culprit's class and method without the package, and its share. */
    private static String brief(CarrierBlock culprit) {
        return ProfileText.brief(culprit.frame()) + " " + ProfileText.percent(culprit.share());
    }

    /** Returns the text of a cell, in colour if it is a verdict and the terminal has colours. */
    public static String coloured(String column, String text) {
        String style = switch (column.equals(VERDICT) ? text : "") {
            case "FAST" -> "bold,green";
            case "SLOW" -> "bold,red";
            case "PARTIAL", "HUNG", "none" -> "bold,magenta";
            default -> null;
        };
        return style == null ? text : Ansi.AUTO.string("@|%s %s|@".formatted(style, text));
    }

    /** Returns a table of the methods that blocked the carriers, each with its share of the run. */
    public static String ofCarrierBlocks(List<CarrierBlock> carrierBlocks) {
        var table = new TextTable(List.of("of the run", "how", "carrier blocked by"), Set.of("of the run"));
        List<CarrierBlock> worth = carrierBlocks.stream().filter(CarrierBlock::worthNaming).toList();
        for (CarrierBlock block : worth) {
            table.row(ProfileText.percent(block.share()), block.kind().word(), block.frame());
        }
        if (worth.isEmpty()) {
            table.row("-", "-", "nothing for long");
        }
        return "what blocked the carrier" + System.lineSeparator() + table.lines();
    }
}
