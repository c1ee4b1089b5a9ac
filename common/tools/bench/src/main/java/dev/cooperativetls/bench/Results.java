package dev.cooperativetls.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;

/** What was measured in one run, in the order of the pages and then of the contestants. */
record Results(List<Result> all) {

    private record Row(String client, int pages, double overheadSeconds, double coldOverheadSeconds,
            double cpuSecondsPerPage, double allocatedBytesPerPage, Double ratioToStage00, Double heapBytesPerPage,
            Double rssBytesPerPage, Long descriptors, Long threads) {}

    /** The median overhead as a multiple of stage-00's with as many pages; nothing if that one was not measured. */
    OptionalDouble ratioToStage00(Result result) {
        return ratio(result, found -> found.overhead().median());
    }

    private OptionalDouble ratio(Result result, ToDoubleFunction<Result> figure) {
        Optional<Result> stage00 = all.stream()
                .filter(other -> other.contestant() == Contestant.STAGE_00 && other.pages() == result.pages())
                .findFirst();
        return stage00.isEmpty() ? OptionalDouble.empty()
                : OptionalDouble.of(figure.applyAsDouble(result) / figure.applyAsDouble(stage00.get()));
    }

    /** As an array with an object for each. */
    String json() {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter()
                .writeValueAsString(all.stream().map(this::row).toList());
    }

    private Row row(Result result) {
        Memory memory = result.memory();
        OptionalDouble ratio = ratioToStage00(result);
        return new Row(result.contestant().toString(), result.pages(), result.overhead().median(),
                result.coldOverhead().median(), result.cpuPerPage().median(),
                result.allocatedPerPage().median(), ratio.isPresent() ? ratio.getAsDouble() : null,
                memory == null ? null : memory.heapBytesPerPage(),
                memory == null ? null : memory.rssBytesPerPage(),
                memory == null ? null : memory.peak().descriptors(),
                memory == null ? null : memory.peak().threads());
    }

    /** As a table for people: medians, with the least and the most that was measured. */
    String table() {
        StringBuilder table = new StringBuilder(line("pages", "client", "overhead s", "to stage-00", "cold s",
                "CPU ms/page", "to stage-00", "alloc KB/page", "heap KB/page", "RSS KB/page", "files", "threads"));
        for (Result result : all) {
            Memory memory = result.memory();
            table.append(line(Integer.toString(result.pages()), result.contestant().toString(),
                    result.overhead().toString(3), times(ratioToStage00(result)), result.coldOverhead().toString(3),
                    number(result.cpuPerPage().median() * 1000, 2),
                    times(ratio(result, found -> found.cpuPerPage().median())),
                    number(result.allocatedPerPage().median() / 1024, 0),
                    memory == null ? "-" : number(memory.heapBytesPerPage() / 1024, 1),
                    memory == null ? "-" : number(memory.rssBytesPerPage() / 1024, 1),
                    memory == null ? "-" : Long.toString(memory.peak().descriptors()),
                    memory == null ? "-" : Long.toString(memory.peak().threads())));
        }
        return table.toString();
    }

    private static String line(String... cells) {
        return "%5s  %-13s  %-24s  %-11s  %-24s  %-11s  %-11s  %-13s  %-12s  %-11s  %-5s  %s"
                .formatted((Object[]) cells).stripTrailing() + "\n";
    }

    private static String times(OptionalDouble ratio) {
        return ratio.isEmpty() ? "-" : number(ratio.getAsDouble(), 2);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
