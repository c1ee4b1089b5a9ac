package dev.cooperativetls.runstages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.runstages.RunStagesScript.Result;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** Side by side, since they mostly wait. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    @Execution(ExecutionMode.CONCURRENT)
    void what_a_readme_shows_is_what_its_command_prints(Path readme, String command, String shown) throws Exception {
        if (UPDATE) {
            update(ROOT.resolve(readme), command);
        } else {
            Result result = RunStagesScript.bash(ROOT, command);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(shape(result.out())).as(result.out()).isEqualTo(shape(shown));
        }
    }

    static Stream<Arguments> what_a_readme_shows_is_what_its_command_prints() throws IOException {
        List<Arguments> commands = new ArrayList<>();
        for (Path readme : readmes()) {
            examples(readme).stream()
                    .filter(example -> example.group(1).startsWith("./run-stages"))
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
        Path wrapper = Path.of("common/cooperative-wrapper/src/main/java",
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

    /** The different lines, numbers and padding aside. In what order pages come in is left to chance. */
    static TreeSet<String> shape(String output) {
        TreeSet<String> lines = new TreeSet<>();
        output.lines()
                .map(line -> line.replaceAll("\\d+([.,:]\\d+)*", "#").replaceAll("[ .]+", " ").strip())
                .filter(line -> !line.isEmpty())
                .forEach(lines::add);
        return lines;
    }

    /** One at a time, since what is shown is to be what a quiet machine prints. */
    private static synchronized void update(Path readme, String command) throws Exception {
        String output = RunStagesScript.bash(ROOT, command).out();
        String example = "```sh\n" + command + "\n```\n\n```text\n";
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
