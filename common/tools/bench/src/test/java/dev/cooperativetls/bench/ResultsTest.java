package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.ResultsHead;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ResultsTest {

    private static final Footprint.Waiting WAITING =
            new Footprint(10_001_024, 20_002_048, 303, 4).since(new Footprint(1_024, 2_048, 3, 4), 1_000);

    private final Result stage00 = Result.of(Candidate.STAGE_00, 1_000, 1, List.of(
            List.of(new Round(1.4, 9, 14_000_000), new Round(1.1, 2, 11_000_000), new Round(1.2, 4, 12_000_000)),
            List.of(new Round(1.6, 9, 16_000_000), new Round(1.3, 6, 13_000_000))), WAITING, null);
    private final Result stage04 = Result.of(Candidate.STAGE_04_JDK_ENGINE, 1_000, 1, List.of(
            List.of(new Round(1.5, 9, 15_000_000), new Round(1.1, 2, 11_000_000))), WAITING, stage00);
    private final Result few = Result.of(Candidate.STAGE_02, 99, 1, List.of(
            List.of(new Round(1.5, 0.2, 15_000))), null, null);
    private final Results results = new Results(List.of(stage00, stage04, few));

    @Test
    void the_first_round_of_each_jvm_counts_only_as_the_cold_one() {
        assertThat(stage00.coldOverheadSeconds().toString(3)).isEqualTo("0.500 (0.400 to 0.600)");
        assertThat(stage00.overheadSeconds().toString(3)).isEqualTo("0.200 (0.100 to 0.300)");
        assertThat(stage00.cpuSecondsPerPage().toString(3)).isEqualTo("0.004 (0.002 to 0.006)");
        assertThat(stage00.allocatedBytesPerPage().toString(0)).isEqualTo("12000 (11000 to 13000)");
    }

    @Test
    void the_only_round_of_a_jvm_counts_for_both() {
        assertThat(few.overheadSeconds()).isEqualTo(few.coldOverheadSeconds());
    }

    @Test
    void json_has_an_object_per_result_with_the_ratio_of_medians() {
        var json = new JsonMapper().readTree(results.json(
                ResultsHead.now("bench", List.of(), ResultsHead.ONE_REQUEST, List.of()))).get("results");
        assertThat(json).hasSize(3);
        assertThat(json.at("/1/candidate").asString()).isEqualTo("stage-04-jdk-engine");
        assertThat(json.at("/1/pages").asInt()).isEqualTo(1_000);
        assertThat(json.at("/1/overheadSeconds/median").asDouble()).isBetween(0.0999, 0.1001);
        assertThat(json.at("/1/overheadToStage00").asDouble()).isBetween(0.499, 0.501);
        assertThat(json.at("/1/cpuToStage00").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/1/waiting/heapBytesPerPage").asDouble()).isEqualTo(10_000);
        assertThat(json.at("/1/waiting/rssBytesPerPage").asDouble()).isEqualTo(20_000);
        assertThat(json.at("/1/waiting/descriptors").asInt()).isEqualTo(303);
    }

    @Test
    void fewer_than_100_pages_have_no_ratio_of_cpu_time_and_no_row_of_memory() {
        assertThat(few.cpuToStage00()).isNull();
        assertThat(results.tables().lines().map(String::strip).filter(line -> line.contains("stage-02")))
                .singleElement().asString().containsPattern("2\\.02 +- +0$");
        assertThat(new Results(List.of(few)).tables()).doesNotContain("heap");
    }

    @Test
    void the_picture_names_every_candidate_and_has_an_accessible_name() {
        assertThat(new OverheadChart(results).svg()).startsWith("<svg role='img'").endsWith("</svg>\n")
                .contains("<title>Overhead of 1000 concurrent pages: stage-00 0.200 s, stage-04-jdk-engine 0.100 s<")
                .contains(">stage-00<", ">stage-02<", ">stage-04<", ">stage-04-jdk-engine<", ">java-net-http<");
    }
}
