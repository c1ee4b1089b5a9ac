package dev.cooperativetls.runstages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every command of the READMEs, and compares what it prints with what is shown, numbers aside. With
 * {@code -Dreadmes.update=true} what it prints is written into the README instead.
 */
class ReadmesIT {

    private static final boolean UPDATE = Boolean.getBoolean("readmes.update");

    /** A command, and the output shown for it, if any. */
    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\n(?<commands>.*?)```\n(\n```text\n(?<output>.*?)```\n)?", Pattern.DOTALL);
    private static final Pattern WHERE = Pattern.compile("\\*Output of .*\\*");

    private static final Path ROOT = RunStagesScript.ROOT;

    @TestFactory
    Stream<DynamicTest> what_a_readme_shows_is_what_its_commands_print() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path readme : readmes()) {
            for (MatchResult example : examples(readme)) {
                String commands = example.group(1);
                if (commands.startsWith("./run-stages")) {
                    tests.add(DynamicTest.dynamicTest(ROOT.relativize(readme) + ": " + commands.strip(),
                            () -> check(readme, commands, example.group(3))));
                }
            }
        }
        return tests.stream();
    }

    @Test
    void the_readmes_commands_are_of_a_kind_that_is_tested() throws IOException {
        for (Path readme : readmes()) {
            for (MatchResult example : examples(readme)) {
                assertThat(example.group(1)).as("a command of %s", readme)
                        .matches("(?s)(\\./run-stages.*|mvn verify\n|git apply .*)");
            }
        }
    }

    /** The build that runs this test is that command. */
    @Test
    void the_readmes_test_command_is_what_ci_runs() throws IOException {
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("```sh\nmvn verify\n```");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).endsWith("\nmvn verify\n");
    }

    @Test
    void the_patch_can_be_applied_and_taken_back_by_hand(@TempDir Path checkout) throws Exception {
        Path wrapper = Path.of("common/cooperative-wrapper/src/main/java/dev/cooperativetls/wrapper/CooperativeConnection.java");
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

    private static void check(Path readme, String commands, String shown) throws Exception {
        RunStagesScript.Result result = RunStagesScript.bash(ROOT, commands);
        assertThat(result.exitCode()).as(result.err()).isZero();
        if (UPDATE && shown != null) {
            update(readme, commands, result.out());
        } else if (shown != null) {
            assertThat(shape(result.out())).as(result.out()).isEqualTo(shape(shown));
        }
    }

    /** The different lines, numbers and padding aside. In what order pages come in is left to chance. */
    static TreeSet<String> shape(String output) {
        TreeSet<String> lines = new TreeSet<>();
        output.lines()
                .map(line -> line.replaceAll("\\d+([.,:]\\d+)*", "#").replaceAll("[ .]+", " ").strip())
                .filter(line -> !line.isEmpty())
                .forEach(lines::add);
        return lines;
    }

    private static void update(Path readme, String commands, String output) throws IOException {
        String example = "```sh\n" + commands + "```\n\n```text\n";
        String text = Files.readString(readme);
        int from = text.indexOf(example) + example.length();
        text = text.substring(0, from) + output + text.substring(text.indexOf("```", from));
        text = WHERE.matcher(text).replaceAll(Matcher.quoteReplacement("*Output of %s on JDK %s, %d cores.*".formatted(
                LocalDate.now(ZoneOffset.UTC), Runtime.version(), Runtime.getRuntime().availableProcessors())));
        Files.writeString(readme, text);
    }

    private static List<Path> readmes() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 3)) {
            return files.filter(file -> file.endsWith("README.md")).filter(file -> !file.toString().contains("target"))
                    .sorted().toList();
        }
    }

    private static List<MatchResult> examples(Path readme) throws IOException {
        return EXAMPLE.matcher(Files.readString(readme)).results().toList();
    }
}
