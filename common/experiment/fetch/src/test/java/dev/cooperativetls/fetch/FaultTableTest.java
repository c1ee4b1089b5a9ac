package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** The README's table of faults, {@code | 40 | what happens | `SomeTest.the_method` |}. */
class FaultTableTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| (?<number>\\d+) \\| .* \\| (?<shown>.*) \\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(?<type>\\w+)\\.(?<method>\\w+)`");

    @Test
    void every_row_names_tests_that_exist_and_no_row_is_missing() throws IOException {
        var rows = ROW.matcher(Files.readString(Path.of("README.md"))).results().toList();
        assertThat(rows).extracting(row -> Integer.valueOf(row.group("number")))
                .isSorted().contains(16, 40, 41, 42, 43);
        assertThat(rows).allSatisfy(row -> assertThat(TEST.matcher(row.group("shown")).results())
                .isNotEmpty()
                .allSatisfy(test -> assertThat(AnnotationSupport.findAnnotatedMethods(
                        Class.forName(getClass().getPackageName() + "." + test.group("type")), Testable.class,
                        HierarchyTraversalMode.TOP_DOWN)).extracting(Method::getName).contains(test.group("method"))));
    }
}
