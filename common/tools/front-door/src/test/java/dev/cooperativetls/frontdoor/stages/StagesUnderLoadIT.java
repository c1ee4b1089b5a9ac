package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.report.RunResults;
import dev.cooperativetls.testkit.BusyMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Repeats {@code run-stages} while something else keeps all processors busy, and counts the wrong verdicts.
 * {@code .ci/prove-under-load} runs it.
 */
@Tag("by-hand")
class StagesUnderLoadIT {

    private static final int ROUNDS = Integer.getInteger("rounds", 100);
    private static final String OPTIONS = System.getProperty("options", "").strip();
    private static final Path RESULTS = RunStagesScript.ROOT.resolve("target/results/prove-under-load.json");

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void no_verdict_is_wrong(@TempDir Path folder) throws Exception {
        Map<String, List<RunResult>> cells = new LinkedHashMap<>();
        ResultsHead ofRounds = null;
        int judged = 0;
        int wrong = 0;
        try (var _ = BusyMachine.start()) {
            for (int round = 1; round <= ROUNDS; round++) {
                Path file = folder.resolve(round + ".json");
                Result result = RunStagesScript.run("--json %s %s".formatted(file, OPTIONS));
                List<RunResult> runs = List.of();
                if (Files.exists(file)) {
                    RunResults results = ResultsFile.read(file);
                    ofRounds = results.head();
                    runs = results.runs();
                }
                runs.forEach(run -> cells.computeIfAbsent(run.stage() + run.readCall(), _ -> new ArrayList<>())
                        .add(run));
                judged += runs.size();
                if (runs.isEmpty() || !runs.stream().allMatch(StagesUnderLoadIT::isRight)) {
                    wrong++;
                    System.out.println(result.err() + result.out() + (runs.isEmpty() ? "" : Files.readString(file)));
                }
                String peaks = joined(runs, run -> Integer.toString(run.observation().atOnce()));
                String seconds = joined(runs,
                        run -> String.format(Locale.ROOT, "%.2f", run.observation().elapsedSeconds()));
                System.out.printf(
                        "round %s of %s: %s cells judged, %s rounds with a wrong verdict; peaks %s seconds %s%n",
                        round, ROUNDS, judged, wrong, peaks, seconds);
            }
        }
        assertThat(cells).as("cells that were judged").isNotEmpty();
        ResultsHead head = ResultsHead.now("prove-under-load", ofRounds.jvmOptions(), ofRounds.warmUp(),
                List.of(".ci/prove-under-load %s %s".formatted(ROUNDS, OPTIONS).split(" +")));
        Files.createDirectories(RESULTS.getParent());
        Files.writeString(RESULTS, head.json(Map.of("cells", cells.values().stream().map(RepeatedCell::of).toList())));
        assertThat(wrong).as("rounds with a wrong verdict").isZero();
    }

    private static boolean isRight(RunResult run) {
        return run.verdict() != null && run.verdict() == run.expected();
    }

    private static String joined(List<RunResult> runs, Function<RunResult, String> figure) {
        return runs.stream().map(figure).collect(Collectors.joining(" "));
    }
}
