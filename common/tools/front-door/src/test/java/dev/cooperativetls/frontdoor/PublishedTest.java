package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.frontdoor.judge.JudgedStack;
import dev.cooperativetls.frontdoor.judge.StackTables;
import dev.cooperativetls.frontdoor.stages.RepeatedCell;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.report.RunResults;
import dev.cooperativetls.report.Theme;
import dev.cooperativetls.report.Waterfall;
import dev.cooperativetls.testkit.ReadmePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the tables and pictures of READMEs and docs with the results in docs/results. With
 * {@code -Dreadmes.update=true} they are made again from the results instead. Nothing is run. The figures of bench have
 * a similar test in the module of bench.
 */
public class PublishedTest {

    public static final Path RESULTS = RunStagesScript.ROOT.resolve("docs/results");

    /** The line below a table. */
    private static final String WHERE = "\\*Output of [^\n]*\\*";

    static {
        System.setProperty("java.awt.headless", "true");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("results")
    void a_readme_shows_the_verdict_table_of_the_results(Path file) throws IOException {
        RunResults results = ResultsFile.read(RESULTS.resolve(file));
        String command = command(results.head());
        Pattern shown = Pattern.compile("(?<=```sh\n%s\n```\n\n```text\n).*?```\n\n(%s)?".formatted(
                Pattern.quote(command), WHERE), Pattern.DOTALL);
        int count = 0;
        for (Path readme : readmes()) {
            String text = Files.readString(readme);
            Matcher block = shown.matcher(text);
            if (block.find()) {
                String now = VerdictTable.of(results.runs()) + "```\n\n"
                        + (block.group(1) == null ? "" : whenAndWhere(results.head()));
                same(readme, block.replaceFirst(Matcher.quoteReplacement(now)));
                count++;
            }
        }
        assertThat(count).as("READMEs that show %s", command).isPositive();
    }

    /** Returns the READMEs' commands whose outputs are made from results. */
    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path file : results()) {
            commands.add(command(ResultsFile.read(RESULTS.resolve(file)).head()));
        }
        return commands;
    }

    /** Returns the command without the option that has saved the results. */
    private static String command(ResultsHead head) {
        return String.join(" ", head.command()).replaceAll(" --json \\S+", "");
    }

    static List<Path> results() throws IOException {
        try (Stream<Path> files = Files.list(RESULTS)) {
            return files.map(Path::getFileName).filter(file -> file.toString().startsWith("run-stages")).sorted()
                    .toList();
        }
    }

    /** Compares the titles, which contain figures. The bytes of a picture depend on the fonts of the machine. */
    @Test
    void each_picture_is_drawn_from_the_results() throws IOException {
        List<String> drawn = new ArrayList<>();
        for (Path file : results()) {
            for (RunResult run : ResultsFile.read(RESULTS.resolve(file)).runs()) {
                boolean ofItsStage = file.toString().startsWith("run-stages-" + run.stage());
                boolean call = run.readCall().equals("readInto") || run.stage().equals("stage-02");
                for (Theme theme : ofItsStage && call ? Theme.values() : new Theme[0]) {
                    Path picture = Path.of(run.stage(), "waterfall%s-%s.svg".formatted(
                            "off".equals(run.patch()) ? "-patch-off" : "", theme.name().toLowerCase(Locale.ROOT)));
                    drawn.add(picture.toString());
                    var waterfall = new Waterfall(run);
                    if (ReadmePart.UPDATE) {
                        Files.writeString(RunStagesScript.ROOT.resolve(picture), waterfall.svg(theme) + "\n");
                    }
                    assertThat(RunStagesScript.ROOT.resolve(picture)).content()
                            .contains("<title>%s</title>".formatted(waterfall.title()));
                }
            }
        }
        try (Stream<Path> files = Files.walk(RunStagesScript.ROOT, 2)) {
            assertThat(drawn).containsExactlyInAnyOrderElementsOf(files
                    .filter(file -> file.getFileName().toString().matches("waterfall.*\\.svg"))
                    .map(file -> RunStagesScript.ROOT.relativize(file).toString()).toList());
        }
    }

    @Test
    void the_page_of_the_stacks_shows_the_tables_of_the_results() throws IOException {
        var judged = new EnumMap<JudgedStack, StackTables.Judged>(JudgedStack.class);
        for (JudgedStack stack : JudgedStack.values()) {
            judged.put(stack, StackTables.read(RESULTS.resolve(stack.file())));
        }
        assertShows("docs/stacks.md", "stacks", StackTables.of(judged));
    }

    @ParameterizedTest
    @EnumSource
    void the_results_of_a_stack_are_of_its_command_and_its_version(JudgedStack stack) throws IOException {
        StackTables.Judged judged = StackTables.read(RESULTS.resolve(stack.file()));
        assertThat(command(judged.head())).isEqualTo(stack.command());
        Pattern.compile("\\d+(\\.\\d+)+").matcher(stack.toString()).results().forEach(version ->
                assertThat(judged.jars()).anyMatch(jar -> jar.contains("-" + version.group())));
    }

    @Test
    void the_page_of_scale_shows_what_more_carriers_gain() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        String where = "";
        for (String carriers : List.of("1", "2", "4")) {
            RunResults results = ResultsFile.read(RESULTS.resolve("carriers-%s.json".formatted(carriers)));
            assertThat(command(results.head()))
                    .isEqualTo("./run-stages --stage 1 --read-call read --count 12 --carriers " + carriers);
            RunResult run = results.runs().getFirst();
            rows.add(List.of(carriers, Math.ceilDiv(run.observation().pageCount(), run.observation().carriers()) + " s",
                    seconds(run.observation().elapsedSeconds())));
            where = whenAndWhere(results.head());
        }
        assertShows("docs/scale.md", "carriers", "\n%s\n%s\n\n".formatted(
                ReadmePart.table(List.of("carriers", "ceil(12 / carriers) × 1 s", "measured"), rows), where));
    }

    @Test
    void the_readme_of_verdict_shows_the_runs_on_a_busy_machine() throws IOException {
        ResultsHead.Read read = ResultsHead.read(Files.readString(RESULTS.resolve("prove-under-load.json")));
        List<List<String>> rows = new ArrayList<>();
        for (RepeatedCell cell : read.get("cells", RepeatedCell[].class)) {
            rows.add(List.of(cell.stage(), cell.readCall(), cell.expected().name(),
                    cell.verdicts().entrySet().stream().map(verdict -> verdict.getValue() + " " + verdict.getKey())
                            .collect(Collectors.joining(", ")),
                    cell.leastPeak() == cell.mostPeak() ? Integer.toString(cell.mostPeak())
                            : "%s to %s".formatted(cell.leastPeak(), cell.mostPeak()),
                    "%s to %s".formatted(seconds(cell.leastSeconds()), seconds(cell.mostSeconds()))));
        }
        assertShows("common/judge/verdict/README.md", "prove-under-load",
                "\nThe result of `%s`:\n\n%s\n%s\n\n".formatted(command(read.head()), ReadmePart.table(
                        List.of("stage", "read call", "expected", "verdicts", "peak", "time"), rows),
                whenAndWhere(read.head())));
    }

    @Test
    void the_kept_results_are_small_and_name_no_folder_of_a_machine() throws IOException {
        try (Stream<Path> files = Files.list(RESULTS)) {
            assertThat(files.filter(file -> file.toString().endsWith(".json"))).isNotEmpty().allSatisfy(file ->
                    assertThat(file).content().doesNotContainPattern("/(tmp|home|root|work|Users|var)/")
                            .hasSizeLessThan(150_000));
        }
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private static void assertShows(String page, String part, String made) throws IOException {
        new ReadmePart(RunStagesScript.ROOT.resolve(page), part).assertShows(made, UnaryOperator.identity());
    }

    private static void same(Path page, String now) throws IOException {
        if (ReadmePart.UPDATE) {
            Files.writeString(page, now);
        }
        assertThat(page).content().as("if it differs, run .ci/update-readmes --from-results").isEqualTo(now);
    }

    /** Returns the line below a table. */
    public static String whenAndWhere(ResultsHead head) {
        return ReadmePart.where(head.time(), head.environment().jdk(), head.environment().cores());
    }

    private static List<Path> readmes() throws IOException {
        try (Stream<Path> files = Files.walk(RunStagesScript.ROOT, 2)) {
            return files.filter(file -> file.getFileName().toString().equals("README.md")).sorted().toList();
        }
    }
}
