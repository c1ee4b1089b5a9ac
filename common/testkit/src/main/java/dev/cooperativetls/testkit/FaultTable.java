package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** A Markdown table of faults, with rows such as {@code | 40 | fault | `SomeTest.the_method` |}. */
public final class FaultTable {

    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| (.*) \\| (.*) \\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    private FaultTable() {}

    /**
     * One row of the table. Several rows may have the same number.
     *
     * @param shown the tests that show the behaviour, or "not met: " and the reason
     */
    public record Row(int number, String fault, String shown) {

        /** Asserts that each test of this row is a test method of a class in one of these packages. */
        public void assertTestsExist(String... packages) {
            List<MatchResult> tests = TEST.matcher(shown).results().toList();
            assertThat(shown.startsWith("not met: ") || !tests.isEmpty()).as(shown).isTrue();
            for (MatchResult test : tests) {
                Class<?> type = Stream.of(packages).map(each -> each + "." + test.group(1))
                        .map(name -> ReflectionSupport.tryToLoadClass(name).toOptional())
                        .flatMap(Optional::stream).findFirst()
                        .orElseThrow(() -> new AssertionError("no class " + test.group(1)));
                assertThat(AnnotationSupport.findAnnotatedMethods(type, Testable.class,
                        HierarchyTraversalMode.TOP_DOWN)).extracting(Method::getName).contains(test.group(2));
            }
        }

        @Override
        public String toString() {
            return number + ": " + fault;
        }
    }

    /** Returns the rows of the table in this file. */
    public static List<Row> read(Path markdown) throws IOException {
        return ROW.matcher(Files.readString(markdown)).results()
                .map(row -> new Row(Integer.parseInt(row.group(1)), row.group(2), row.group(3))).toList();
    }
}
