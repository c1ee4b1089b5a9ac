package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsFileTest {

    private static final RunResult RUN = Samples.blockedBy(new CarrierBlock("a.Database.step", Kind.PINNED,
            0.97, 0.97, 1.5, 9, false,
            "parked in a.Callback.ask", List.of("a.Callback.ask", "a.Database.step")));

    @Test
    void what_is_written_is_read_again(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");
        List<RunResult> runs = List.of(RUN, Samples.fast(0, "read", 3), Samples.empty());

        ResultsFile.write(file, runs);

        assertThat(ResultsFile.read(file)).isEqualTo(runs);
    }

    @Test
    void what_blocked_the_carriers_is_told_in_words(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");

        ResultsFile.write(file, List.of(RUN));

        JsonNode run = new JsonMapper().readTree(Files.readString(file)).get(0);
        JsonNode block = run.get("observation").get("carrierBlocks").get(0);
        assertThat(block.propertyNames())
                .containsExactlyInAnyOrder("frame", "kind", "share", "costlyShare", "longestSeconds",
                        "samples", "compensated", "detail", "stack");
        assertThat(block.get("kind").asString()).isEqualTo("PINNED");
        assertThat(block.get("detail").asString()).isEqualTo("parked in a.Callback.ask");
        assertThat(run.get("culprit")).isEqualTo(block);
    }

    @Test
    void results_of_an_earlier_version_are_not_taken_for_complete(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");
        ResultsFile.write(file, List.of(RUN));
        Files.writeString(file, Files.readString(file).replace("carrierBlocks", "holders"));

        assertThatIllegalArgumentException().isThrownBy(() -> ResultsFile.read(file));
    }
}
