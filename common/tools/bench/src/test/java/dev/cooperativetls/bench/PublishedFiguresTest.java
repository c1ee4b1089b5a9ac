package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.testkit.ReadmePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares the figures of the README and of docs/scale.md with the results of two runs in docs/results, of which they
 * are made. With {@code -Dreadmes.update=true} they are made again instead. Nothing is measured.
 */
class PublishedFiguresTest {

    private static final Path ROOT = Path.of("../../..");
    private static final Path README = ROOT.resolve("common/tools/bench/README.md");
    private static final Path SCALE = ROOT.resolve("docs/scale.md");
    private static final Path PICTURE = ROOT.resolve("docs/overhead.svg");

    /** Which of the two ratios to stage-00. */
    private enum Ratio {
        OVERHEAD("overhead", Result::overheadToStage00),
        CPU_TIME("CPU time", Result::cpuToStage00);

        private final String title;
        private final Function<Result, Double> of;

        Ratio(String title, Function<Result, Double> of) {
            this.title = title;
            this.of = of;
        }

        /** Returns the ratio in hundredths, as the tables have it; null if there is none. */
        Long hundredths(Result result) {
            Double exact = of.apply(result);
            return exact == null ? null : Long.valueOf(Math.round(100 * exact));
        }
    }

    private record BenchRun(ResultsHead head, Results results) {

        static BenchRun read(String file) throws IOException {
            ResultsHead.Read read = ResultsHead.read(Files.readString(ROOT.resolve("docs/results").resolve(file)));
            return new BenchRun(read.head(), new Results(List.of(read.get("results", Result[].class))));
        }

        Optional<Result> result(Candidate candidate, int pages) {
            return results.all().stream()
                    .filter(result -> result.candidate() == candidate && result.pages() == pages).findFirst();
        }

        /** Returns the command without the option that has saved the results. */
        String command() {
            return String.join(" ", head.command()).replaceAll(" --json \\S+", "");
        }
    }

    private static List<BenchRun> runs;

    @BeforeAll
    static void read_the_results() throws IOException {
        runs = List.of(BenchRun.read("bench-1.json"), BenchRun.read("bench-2.json"));
    }

    @Test
    void the_readme_shows_the_tables_of_the_results() throws IOException {
        assertShows(README, "figures", runs.stream()
                .map(run -> "\n`%s`:\n\n```text\n%s```\n\n%s\n".formatted(run.command(), run.results().tables(),
                        ReadmePart.where(run.head().time(), run.head().environment().jdk(),
                                run.head().environment().cores())))
                .collect(Collectors.joining()) + "\n");
    }

    @Test
    void both_pages_say_how_much_a_ratio_changes_from_run_to_run() throws IOException {
        String text = """

                For the same candidate and number of pages, a ratio of overheads differs by up to %s between these two
                runs, and a ratio of CPU times by up to %s. A ratio that is no further from 1 shows no difference.

                """.formatted(text(change(Ratio.OVERHEAD)), text(change(Ratio.CPU_TIME)));
        assertShows(README, "noise", text);
        assertShows(SCALE, "noise", text);
    }

    @Test
    void the_page_of_scale_shows_the_ratios_of_the_results() throws IOException {
        assertShows(SCALE, "wait", ratios(Candidate.STAGE_04_JDK_ENGINE));
        assertShows(SCALE, "engine", ratios(Candidate.STAGE_02, Candidate.STAGE_04));
        assertShows(SCALE, "java-net-http", ratios(Candidate.JAVA_NET_HTTP));
    }

    @Test
    void the_page_of_scale_shows_what_a_waiting_page_needs() throws IOException {
        int most = runs.getFirst().results().all().stream().mapToInt(Result::pages).max().orElseThrow();
        List<List<String>> rows = new ArrayList<>();
        for (Candidate candidate : Candidate.values()) {
            Result result = runs.getFirst().result(candidate, most).orElseThrow();
            rows.add(List.of(candidate.toString(), kilobytes(result.allocatedBytesPerPage().median()),
                    kilobytes(result.waiting().heapBytesPerPage()), kilobytes(result.waiting().rssBytesPerPage()),
                    Long.toString(result.waiting().descriptors()), Long.toString(result.waiting().threads())));
        }
        assertShows(SCALE, "memory", "\n%s\n".formatted(ReadmePart.table(List.of(
                String.format(Locale.ROOT, "%,d pages", most), "allocated per page", "heap per waiting page",
                "memory of the process per waiting page", "open files", "threads of the system"), rows)));
    }

    /** With the fonts of another machine the same picture has other bytes, but the same title, which has figures. */
    @Test
    void the_picture_is_drawn_from_the_first_run() throws IOException {
        var chart = new OverheadChart(runs.getFirst().results());
        if (ReadmePart.UPDATE) {
            Files.writeString(PICTURE, chart.svg());
        }
        assertThat(PICTURE).content().contains("<title>%s</title>".formatted(chart.title()));
    }

    /** The words of docs/scale.md that no table is made for. */
    @Test
    void the_conclusions_of_the_page_of_scale_are_true_of_the_results() {
        for (BenchRun run : runs) {
            for (int pages : pages()) {
                run.result(Candidate.STAGE_04, pages).ifPresent(result -> {
                    Result other = run.result(Candidate.STAGE_04_JDK_ENGINE, pages).orElseThrow();
                    assertThat(result.allocatedBytesPerPage().median() / other.allocatedBytesPerPage().median())
                            .as("about 1.6 times as much").isBetween(1.4, 1.9);
                });
            }
        }
        int most = pages().last();
        Footprint.Waiting ofStage00 = runs.getFirst().result(Candidate.STAGE_00, most).orElseThrow().waiting();
        Footprint.Waiting other = runs.getFirst().result(Candidate.JAVA_NET_HTTP, most).orElseThrow().waiting();
        assertThat(other.heapBytesPerPage() / ofStage00.heapBytesPerPage()).as("a third").isBetween(0.2, 0.45);
        assertThat(other.threads()).as("many more threads").isGreaterThan(10 * ofStage00.threads());
    }

    /** Returns a table with a row for each number of pages and the ratios of each run, in bold if not about 1. */
    private static String ratios(Candidate... candidates) {
        List<String> head = new ArrayList<>(List.of("pages"));
        for (Candidate candidate : candidates) {
            for (Ratio ratio : Ratio.values()) {
                head.add("%s, %s to stage-00".formatted(candidate, ratio.title));
            }
        }
        List<List<String>> rows = new ArrayList<>();
        for (int pages : pages()) {
            List<String> row = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", pages)));
            for (Candidate candidate : candidates) {
                Arrays.stream(Ratio.values()).map(ratio -> values(candidate, pages, ratio).stream()
                        .map(value -> Math.abs(value - 100) > change(ratio) ? "**" + text(value) + "**" : text(value))
                        .collect(Collectors.joining(" and "))).forEach(row::add);
            }
            rows.add(row);
        }
        return "\n" + ReadmePart.table(head, rows) + "\n";
    }

    /** Returns the numbers of pages for which there are all ratios. */
    private static TreeSet<Integer> pages() {
        return runs.stream().flatMap(run -> run.results().all().stream()).map(Result::pages)
                .filter(pages -> pages >= Result.LEAST_PAGES_FOR_SHARES).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Long> values(Candidate candidate, int pages, Ratio ratio) {
        return runs.stream().flatMap(run -> run.result(candidate, pages).stream()).map(ratio::hundredths)
                .filter(Objects::nonNull).toList();
    }

    /** Returns the greatest change of a ratio from the first run to the second. */
    private static long change(Ratio ratio) {
        long greatest = 0;
        for (int pages : pages()) {
            for (Candidate candidate : Candidate.values()) {
                List<Long> values = values(candidate, pages, ratio);
                greatest = Math.max(greatest, Math.abs(values.getFirst() - values.getLast()));
            }
        }
        return greatest;
    }

    private static String text(long hundredths) {
        return String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
    }

    private static String kilobytes(double bytes) {
        return String.format(Locale.ROOT, "%.0f KB", bytes / 1024);
    }

    private static void assertShows(Path page, String part, String made) throws IOException {
        new ReadmePart(page, part).assertShows(made, UnaryOperator.identity());
    }
}
