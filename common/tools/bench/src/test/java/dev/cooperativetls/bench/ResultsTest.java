package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.bench.Client.Round;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsTest {

    private static final Memory MEMORY =
            new Memory(10, new Held(1_000, 2_000, 3, 4), new Held(11_000, 22_000, 33, 44));

    private final Results results = new Results(List.of(
            Result.of(Contestant.STAGE_00, 10, 1, List.of(
                    List.of(new Round(1.4, 10, 9, 140_000), new Round(1.1, 10, 0.02, 110_000),
                            new Round(1.2, 10, 0.04, 120_000)),
                    List.of(new Round(1.6, 10, 9, 160_000), new Round(1.3, 10, 0.06, 130_000))), MEMORY),
            Result.of(Contestant.STAGE_04, 10, 1, List.of(
                    List.of(new Round(1.5, 10, 9, 150_000), new Round(1.1, 10, 0.02, 110_000))), MEMORY),
            Result.of(Contestant.STAGE_04, 20, 1, List.of(List.of(new Round(1.5, 20, 0.2, 150_000))), null)));

    @Test
    void the_first_round_of_each_jvm_is_the_cold_one_and_no_other_counts_as_cold() {
        Result stage00 = results.all().getFirst();
        assertThat(stage00.coldOverhead().toString(3)).isEqualTo("0.500 (0.400 to 0.600)");
        assertThat(stage00.overhead().toString(3)).isEqualTo("0.200 (0.100 to 0.300)");
        assertThat(stage00.cpuPerPage().toString(3)).isEqualTo("0.004 (0.002 to 0.006)");
        assertThat(stage00.allocatedPerPage().toString(0)).isEqualTo("12000 (11000 to 13000)");
    }

    @Test
    void the_only_round_of_a_jvm_counts_as_both() {
        assertThat(results.all().getLast().overhead()).isEqualTo(results.all().getLast().coldOverhead());
    }

    @Test
    void json_has_an_object_for_each_with_the_ratio_of_medians() {
        JsonNode json = new JsonMapper().readTree(results.json());
        assertThat(json).hasSize(3);
        JsonNode stage04 = json.get(1);
        assertThat(stage04.path("client").asString()).isEqualTo("stage-04");
        assertThat(stage04.path("pages").asInt()).isEqualTo(10);
        assertThat(stage04.path("overheadSeconds").asDouble()).isBetween(0.0999, 0.1001);
        assertThat(stage04.path("coldOverheadSeconds").asDouble()).isEqualTo(0.5);
        assertThat(stage04.path("cpuSecondsPerPage").asDouble()).isEqualTo(0.002);
        assertThat(stage04.path("allocatedBytesPerPage").asDouble()).isEqualTo(11_000);
        assertThat(stage04.path("ratioToStage00").asDouble()).isBetween(0.499, 0.501);
        assertThat(stage04.path("heapBytesPerPage").asDouble()).isEqualTo(1_000);
        assertThat(stage04.path("rssBytesPerPage").asDouble()).isEqualTo(2_000);
        assertThat(stage04.path("descriptors").asInt()).isEqualTo(33);
        assertThat(stage04.path("threads").asInt()).isEqualTo(44);
    }

    @Test
    void what_was_not_measured_is_null_and_a_dash() {
        assertThat(new JsonMapper().readTree(results.json()).get(2).path("ratioToStage00").isNull()).isTrue();
        assertThat(results.table().lines().toList().getLast()).contains("20  stage-04").endsWith("-      -");
    }

    @Test
    void the_picture_names_every_client_and_says_what_it_shows() {
        assertThat(new OverheadChart(results).svg()).startsWith("<svg role='img'").endsWith("</svg>\n")
                .contains("<title>Overhead of 20 pages at once: stage-04 0.500 s</title>")
                .contains(">stage-00<", ">stage-02<", ">stage-04<", ">bouncycastle<", ">java-net-http<");
    }
}
