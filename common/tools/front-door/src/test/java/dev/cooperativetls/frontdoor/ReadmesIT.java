package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.frontdoor.stages.Stage;
import dev.cooperativetls.frontdoor.stages.Stages;
import dev.cooperativetls.report.Theme;
import dev.cooperativetls.testkit.ReadmePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every command of the READMEs, and compares its output with the README, without the numbers. With
 * {@code -Dreadmes.update=true} the output is written into the README instead, unless {@link PublishedTest} does so.
 */
@Tag("long")
class ReadmesIT {

    /** A command, and the output shown for it, if any. */
    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\n(?<commands>.*?)```\n(\n```text\n(?<output>.*?)```\n)?", Pattern.DOTALL);

    private static final Pattern PROFILE_LINE = Pattern.compile(
            " *\\d+ +[\\d.]+ m?s +[\\d.]+ m?s +(?<cumulative>[\\d.]+) (?<unit>m?s) +\\d+ % +\\S+.*");
    /** Ten waits of one second last longer. */
    private static final double LITTLE_SECONDS = 9.5;
    /** A remark about a slow machine. */
    private static final Pattern REMARK = Pattern.compile("\\S+ \\S+: the last request was sent after .*");
    /** A line of the table of what blocked the carrier. On a busy machine any method may block it for a while. */
    private static final Pattern CARRIER_BLOCK =
            Pattern.compile(" *((?<share>\\d+) %|-) +(computing|native|pinned|unseen|-) +\\S.*");
    /** A percentage. The waits of a SLOW run block the carrier for much more. */
    private static final int LITTLE_SHARE = 60;

    private static final Path ROOT = RunStagesScript.ROOT;

    /** Runs concurrently, because the commands mostly wait. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    @Execution(ExecutionMode.CONCURRENT)
    void what_a_readme_shows_is_what_its_command_prints(Path readme, String command, String shown) throws Exception {
        if (ReadmePart.UPDATE) {
            if (!PublishedTest.commands().contains(command)) {
                update(ROOT.resolve(readme), command);
            }
        } else {
            Result result = run(command);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertSame(result.out(), shown);
        }
    }

    static Stream<Arguments> what_a_readme_shows_is_what_its_command_prints() throws IOException {
        List<Arguments> commands = new ArrayList<>();
        for (Path readme : readmes()) {
            examples(readme).stream()
                    .filter(example -> example.group(1).matches("(?s)\\./(run-stages|judge stack).*"))
                    .map(example -> Arguments.of(ROOT.relativize(readme), example.group(1).strip(), example.group(3)))
                    .forEach(commands::add);
        }
        return commands.stream();
    }

    @Test
    void the_readmes_commands_are_of_a_kind_that_is_tested() throws IOException {
        for (Path readme : readmes()) {
            for (MatchResult example : examples(readme)) {
                assertThat(example.group(1)).as("a command of %s", readme)
                        .matches("(?s)(\\./run-stages.*|\\./judge stack.*|git apply .*|mvn verify\n"
                                + "|mvn install -DskipTests --projects common/judge/junit --also-make\n"
                                + "|mvn -P verdict-tests -pl stage-0\\d -am verify\n)");
            }
        }
    }

    /** Otherwise the text below is shown as code, or code as text. */
    @Test
    void each_fence_of_code_is_alone_on_its_line_and_has_an_end() throws IOException {
        List<Path> texts = files(".md");
        assertThat(texts).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/scale.md"));
        for (Path text : texts) {
            boolean open = false;
            for (String line : Files.readAllLines(text)) {
                if (line.contains("```")) {
                    assertThat(line).as("a fence of %s", text).matches(open ? " *```" : " *```[a-z]*");
                    open = !open;
                }
            }
            assertThat(open).as("%s ends within code", text).isFalse();
        }
    }

    @Test
    void the_readmes_test_command_is_what_ci_runs() throws IOException {
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("```sh\nmvn verify\n```");
        assertThat(Files.readAllLines(ROOT.resolve(".ci/run")).stream().filter(line -> line.startsWith("mvn")))
                .first().isEqualTo("mvn verify");
    }

    @Test
    void the_patch_can_be_applied_and_taken_back_by_hand(@TempDir Path checkout) throws Exception {
        Path wrapper = Path.of("common/experiment/cooperative-wrapper/src/main/java",
                "dev/cooperativetls/wrapper/CooperativeConnection.java");
        Path patch = Path.of("patches/cooperative-wrapper-read-into.patch");
        for (Path file : List.of(wrapper, patch)) {
            Files.createDirectories(checkout.resolve(file).getParent());
            Files.copy(ROOT.resolve(file), checkout.resolve(file));
        }
        String before = Files.readString(checkout.resolve(wrapper));
        List<String> commands = examples(ROOT.resolve("patches/README.md")).stream()
                .flatMap(example -> example.group(1).lines())
                .filter(command -> command.startsWith("git apply"))
                .toList();

        assertThat(RunStagesScript.bash(checkout, commands.getFirst()).exitCode()).isZero();
        assertThat(Files.readString(checkout.resolve(wrapper))).isNotEqualTo(before).contains("int readInto(");
        assertThat(RunStagesScript.bash(checkout, commands.getLast()).exitCode()).isZero();
        assertThat(Files.readString(checkout.resolve(wrapper))).isEqualTo(before);
    }

    /**
     * Asserts that each text contains the important lines of the other. Methods that need little time are left out,
     * because it is random which of them are shown. Of a profile, only the lines of the waits must be the same.
     */
    static void assertSame(String output, String shown) {
        assertThat(shape(output, _ -> true)).as(output).containsAll(shape(shown, line -> !isOfLittleTime(line)));
        assertThat(shape(shown, _ -> true)).as(output).containsAll(shape(output, line -> !isOfLittleTime(line)));
    }

    /** Returns the distinct lines without numbers, units of time and padding. The order of the pages is random. */
    private static TreeSet<String> shape(String output, Predicate<String> counts) {
        TreeSet<String> lines = new TreeSet<>();
        output.lines()
                .filter(counts)
                .map(line -> line.replace("one thread in turn", "1 threads in turn"))
                .map(line -> line.replaceAll("\\d+([.,:]\\d+)*( m?s\\b)?", "#").replaceAll("[ .]+", " ").strip())
                .filter(line -> !line.isEmpty())
                .forEach(lines::add);
        return lines;
    }

    private static boolean isOfLittleTime(String line) {
        Matcher ofProfile = PROFILE_LINE.matcher(line);
        if (ofProfile.matches()) {
            return ofProfile.group("unit").equals("ms")
                    || Double.parseDouble(ofProfile.group("cumulative")) < LITTLE_SECONDS;
        }
        Matcher block = CARRIER_BLOCK.matcher(line);
        return REMARK.matcher(line).matches() || block.matches()
                && (block.group("share") == null || Integer.parseInt(block.group("share")) < LITTLE_SHARE);
    }

    @Test
    void the_pictures_are_those_of_the_stages() throws IOException {
        for (Stage stage : Stages.ALL) {
            String call = stage.verdicts().containsKey("readInto") ? "readInto" : "read";
            assertPicture(stage, "waterfall", call + ", " + stage.verdicts().get(call));
        }
        assertPicture(Stages.ALL.get(4), "waterfall-patch-off", "readInto, SLOW");
    }

    private static void assertPicture(Stage stage, String name, String title) throws IOException {
        String readme = Files.readString(ROOT.resolve(stage + "/README.md"));
        for (Theme theme : Theme.values()) {
            String file = picture(name, theme);
            assertThat(readme).contains("\"" + file + "\"");
            assertThat(ROOT.resolve(stage.toString()).resolve(file)).content()
                    .contains("<title>%s %s:".formatted(stage, title));
        }
    }

    private static String picture(String name, Theme theme) {
        return name + "-" + theme.name().toLowerCase(Locale.ROOT) + ".svg";
    }

    /** Runs a command with a folder that has the jars which the README puts into the reader's folder. */
    private static Result run(String command) throws IOException, InterruptedException {
        return RunStagesScript.bash(ROOT,
                command.replace(" my-jars ", " common/tools/front-door/target/to-be-judged/conscrypt "));
    }

    /** Runs one command at a time, because a README must show the output of a quiet machine. */
    private static synchronized void update(Path readme, String command) throws Exception {
        Result result = run(command);
        assertThat(result.exitCode()).as(result.err()).isZero();
        String output = result.out();
        String example = "```sh\n" + command + "\n```\n\n```text\n";
        String text = Files.readString(readme);
        int from = text.indexOf(example) + example.length();
        text = text.substring(0, from) + output + text.substring(text.indexOf("```", from));
        Files.writeString(readme, ReadmePart.dated(text));
    }

    private static List<Path> readmes() throws IOException {
        return files("README.md");
    }

    /** Returns the files of the repository whose names have this end, without those that a build has created. */
    private static List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 4)) {
            return files.filter(file -> file.getFileName().toString().endsWith(end))
                    .filter(file -> !file.toString().contains("target")).sorted().toList();
        }
    }

    private static List<MatchResult> examples(Path readme) throws IOException {
        return EXAMPLE.matcher(Files.readString(readme)).results().toList();
    }
}
