package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.verdict.BlockingProgram.Way;
import dev.cooperativetls.verdict.FieldProgram.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the README's table of what the judge can tell names each program of the tests exactly once. */
class ReadmeTest {

    private static final Pattern PROGRAM = Pattern.compile("`([A-Z_]+)`");

    @Test
    void each_row_has_a_program_and_each_program_has_a_row() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.startsWith("| virtual threads that")).takeWhile(line -> line.startsWith("|"))
                .skip(2).map(row -> row.substring(row.lastIndexOf('|', row.length() - 2))).toList();

        assertThat(rows).allMatch(programs -> PROGRAM.matcher(programs).find());
        assertThat(rows.stream().flatMap(row -> PROGRAM.matcher(row).results()).map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Way.values(), Case.values()).flatMap(Arrays::stream).map(Enum::name).toList());
    }
}
