package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final RunResult FAST = Samples.fast(3, "readInto", 10);
    private static final RunResult SLOW = Samples.slow(3, "readInto", 10);

    @Test
    void the_same_results_have_no_change() {
        RunResults results = Samples.results(Samples.report(10));

        Comparison same = Comparison.of("old.json", results, results);

        assertThat(same.changes()).isEmpty();
        assertThat(same.notes()).isEmpty();
        assertThat(same.verdictChanged()).isFalse();
        assertThat(same.summary()).isEqualTo("Compared with old.json: nothing has changed in 9 runs");
    }

    @Test
    void another_verdict_is_a_change_with_its_peak_culprit_and_time() {
        Comparison comparison = compared(FAST, SLOW);

        assertThat(comparison.verdictChanged()).isTrue();
        assertThat(comparison.changes()).singleElement().extracting(Comparison.Change::texts).isEqualTo(List.of(
                "stage-03", "readInto", "FAST -> SLOW", "10 -> 1", "- -> Poll.poll", "1.37 s -> 10.62 s (x 7.75)"));
        assertThat(comparison.summary()).isEqualTo("Compared with old.json: of 1 run, 1 changed, 1 in the verdict");
    }

    @Test
    void a_time_within_the_noise_is_no_change_and_one_beyond_changes_no_verdict() {
        assertThat(compared(FAST, Samples.lasting(1.37 * 1.49, FAST)).changes()).isEmpty();
        assertThat(compared(FAST, Samples.lasting(1.37 / 1.49, FAST)).changes()).isEmpty();

        Comparison slower = compared(FAST, Samples.lasting(2.74, FAST));

        assertThat(slower.changes()).singleElement().extracting(Comparison.Change::texts).isEqualTo(
                List.of("stage-03", "readInto", "FAST", "10", "-", "1.37 s -> 2.74 s (x 2.00)"));
        assertThat(slower.verdictChanged()).isFalse();
        assertThat(slower.summary()).endsWith("1 changed, none in the verdict");
    }

    @Test
    void runs_that_only_one_result_has_are_named_and_are_no_change() {
        Comparison comparison = Comparison.of("old.json", Samples.results(List.of(FAST, Samples.fast(0, "read", 10))),
                Samples.results(List.of(FAST, Samples.fast(4, "read", 10))));

        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.notes())
                .containsExactly("only in old.json: stage-00 read", "only in these results: stage-04 read");
        assertThat(Comparison.of("old.json", Samples.results(List.of(Samples.fast(0, "read", 10))),
                Samples.results(List.of(FAST))).summary()).isEqualTo("Compared with old.json: no run is in both");
    }

    @Test
    void other_environments_and_settings_are_reported_in_a_line_each() {
        Comparison comparison = Comparison.of("old.json", Samples.results(List.of(Samples.fast(0, "read", 5))),
                Samples.results(List.of(Samples.fast(0, "read", 10)), "26+1", 64));

        assertThat(comparison.notes()).containsExactly(
                "different environment: JDK 25.0.3+9-LTS -> 26+1; cores 2 -> 64", "different settings: pages 5 -> 10");
    }

    private static Comparison compared(RunResult before, RunResult now) {
        return Comparison.of("old.json", Samples.results(List.of(before)), Samples.results(List.of(now)));
    }
}
