package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The README's table of what the sockets survive has every row, and names tests that there are. */
class FaultTableTest {

    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| .* \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void no_row_is_missing() throws IOException {
        assertThat(rows()).extracting(row -> Integer.valueOf(row.group(1)))
                .isEqualTo(IntStream.rangeClosed(1, 39).boxed().toList());
    }

    @Test
    void each_row_names_its_tests_or_says_why_it_is_not_met() throws Exception {
        for (MatchResult row : rows()) {
            List<MatchResult> tests = TEST.matcher(row.group(2)).results().toList();
            assertThat(!tests.isEmpty() || row.group(2).startsWith("not met: ")).as(row.group()).isTrue();
            for (MatchResult test : tests) {
                Class<?> type = Class.forName(getClass().getPackageName() + "." + test.group(1));
                assertThat(Arrays.stream(type.getDeclaredMethods()).map(Method::getName)).contains(test.group(2));
            }
        }
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(Path.of("README.md"))).results().toList();
    }
}
