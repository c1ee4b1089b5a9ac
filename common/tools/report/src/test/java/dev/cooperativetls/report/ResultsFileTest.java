package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsFileTest {

    private static final RunResults RESULTS = Samples.results(List.of(
            Samples.blockedBy(new CarrierBlock("a.Database.step", Kind.PINNED, 0.97, 0.97, 1.5, 9, false,
                    "parked in a.Callback.ask", List.of("a.Callback.ask", "a.Database.step"))),
            Samples.fast(0, "read", 3), Samples.empty()));

    private Path file;

    @BeforeEach
    void write(@TempDir Path folder) throws Exception {
        file = folder.resolve("results.json");
        ResultsFile.write(file, RESULTS);
    }

    @Test
    void the_written_results_can_be_read() throws Exception {
        assertThat(ResultsFile.read(file)).isEqualTo(RESULTS);
    }

    @Test
    void the_culprit_is_the_block_with_its_detail() throws Exception {
        JsonNode run = new JsonMapper().readTree(Files.readString(file)).at("/runs/0");
        JsonNode block = run.at("/observation/carrierBlocks/0");
        assertThat(block.get("kind").asString()).isEqualTo("PINNED");
        assertThat(block.get("detail").asString()).isEqualTo("parked in a.Callback.ask");
        assertThat(run.get("culprit")).isEqualTo(block);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "carrierBlocks  | holders        | contains no results: give a file of --json or --report",
        "\"schema\" : 1 | \"schema\" : 2 | has schema 2, and this version reads 1:",
        "\"runs\" :     | \"rows\" :     | has the results of run-stages: give a file of the same program",
    })
    void other_content_is_refused(String text, String replacement, String message) throws Exception {
        String written = Files.readString(file);
        assertThat(written).contains(text);
        Files.writeString(file, written.replace(text, replacement));

        assertThatIllegalArgumentException().isThrownBy(() -> ResultsFile.read(file)).withMessageStartingWith(message);
    }

    @Test
    void results_without_a_schema_number_are_refused() throws Exception {
        Files.writeString(file, "[]");

        assertThatIllegalArgumentException().isThrownBy(() -> ResultsFile.read(file))
                .withMessage("was written before results had a schema number: repeat the runs with --json");
    }
}
