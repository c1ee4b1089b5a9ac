package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.FaultTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the table in docs/sockets.md has every row and names tests that exist. */
class FaultTableTest {

    private static List<FaultTable.Row> rows() throws IOException {
        return FaultTable.read(Path.of("../../../docs/sockets.md"));
    }

    @Test
    void no_row_is_missing() throws IOException {
        assertThat(rows()).extracting(FaultTable.Row::number)
                .isEqualTo(IntStream.rangeClosed(1, 39).boxed().toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_row_names_its_tests_or_why_it_is_not_met(FaultTable.Row row) {
        row.assertTestsExist("dev.cooperativetls.testkit", "dev.cooperativetls.altprovider");
    }
}
