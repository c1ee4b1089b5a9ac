package dev.cooperativetls.bench;

import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.events.TextTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results of one run of the benchmark, in the order of the pages and then of the candidates. */
record Results(List<Result> all) {

    /** Returns a JSON object with the fields of the head and the array {@code results}. */
    String json(ResultsHead head) {
        return head.json(Map.of("results", all));
    }

    /** Returns a table of times, and a table of memory if memory was measured. */
    String tables() {
        String times = "Medians (least to most) of all rounds:\n" + times();
        return all.stream().allMatch(result -> result.waiting() == null) ? times
                : times + "\nWhile all pages wait, measured once:\n" + footprints();
    }

    private String times() {
        var table = table("overhead s", "to stage-00", "cold s", "CPU ms/page", "to stage-00", "alloc KB/page");
        for (Result result : all) {
            table.row(Integer.toString(result.pages()), result.candidate().toString(),
                    result.overheadSeconds().toString(3), number(result.overheadToStage00(), 2),
                    result.coldOverheadSeconds().toString(3), number(result.cpuSecondsPerPage().median() * 1000, 2),
                    result.cpuToStage00() == null ? "-" : number(result.cpuToStage00(), 2),
                    number(result.allocatedBytesPerPage().median() / 1024, 0));
        }
        return table.lines();
    }

    private String footprints() {
        var table = table("heap KB/page", "RSS KB/page", "files", "threads");
        all.stream().filter(result -> result.waiting() != null).forEach(result -> table.row(
                Integer.toString(result.pages()), result.candidate().toString(),
                number(result.waiting().heapBytesPerPage() / 1024, 0),
                number(result.waiting().rssBytesPerPage() / 1024, 0),
                Long.toString(result.waiting().descriptors()), Long.toString(result.waiting().threads())));
        return table.lines();
    }

    private static TextTable table(String... figures) {
        var head = new ArrayList<>(List.of("pages", "client"));
        head.addAll(List.of(figures));
        var numbers = new HashSet<>(head);
        numbers.remove("client");
        return new TextTable(head, numbers);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
