package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** The README's table of what is survived names tests that there are, and leaves no row out. */
class FaultTableTest {

    private static final Path README = Path.of("README.md");

    @Test
    void no_row_is_missing() throws IOException {
        assertThat(rows()).extracting(FaultTable.Row::number).isSorted().contains(16, 40, 41, 42, 43);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_row_names_its_tests_or_says_why_there_is_none(FaultTable.Row row) throws ClassNotFoundException {
        assertThat(row.notMet() || !row.tests().isEmpty()).as(row.shown()).isTrue();
        for (FaultTable.Test test : row.tests()) {
            Class<?> type = Class.forName(getClass().getPackageName() + "." + test.type());
            assertThat(AnnotationSupport.findAnnotatedMethods(type, Testable.class, HierarchyTraversalMode.TOP_DOWN))
                    .extracting(Method::getName).contains(test.method());
        }
    }

    private static List<FaultTable.Row> rows() throws IOException {
        return FaultTable.read(README).rows();
    }
}
