package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.BusyMachine;
import dev.cooperativetls.verdict.BlockingProgram.Way;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Judges many short runs while other threads keep all CPUs busy. {@code .ci/judge-under-load} runs it. */
@Tag("by-hand")
class BusyMachineIT {

    private static final int RUNS = Integer.getInteger("runs", 1_000);
    private static final int SIDE_BY_SIDE = 6;
    private static final String PAGES = "8";
    private static final String WAIT_MILLIS = "300";
    private static final String NATIVE_POLL = BlockingProgram.Native.class.getName() + ".poll";

    private enum Answer { RIGHT, NO_VERDICT, WRONG_VERDICT, WRONG_CULPRIT }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void of_many_runs_no_verdict_and_no_culprit_is_wrong() throws Exception {
        Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
        try (var _ = BusyMachine.start();
                ExecutorService observers = Executors.newFixedThreadPool(SIDE_BY_SIDE)) {
            List<Callable<Answer>> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                runs.add(i % 2 == 0 ? BusyMachineIT::fast : BusyMachineIT::slow);
            }
            for (Future<Answer> run : observers.invokeAll(runs)) {
                answers.merge(run.get(), 1, Integer::sum);
            }
        }
        System.out.println(RUNS + " runs: " + answers);
        assertThat(answers).doesNotContainKeys(Answer.WRONG_VERDICT, Answer.WRONG_CULPRIT);
        assertThat(answers.getOrDefault(Answer.NO_VERDICT, 0)).isLessThan(Math.max(1, RUNS / 50));
    }

    private static Answer fast() throws Exception {
        Observation seen = observe(Way.COOPERATIVE);
        return answer(seen, Verdict.FAST, true);
    }

    private static Answer slow() throws Exception {
        Observation seen = observe(Way.IN_NATIVE_CODE);
        return answer(seen, Verdict.SLOW,
                seen.culprit().filter(culprit -> culprit.frame().equals(NATIVE_POLL)).isPresent());
    }

    private static Answer answer(Observation seen, Verdict expected, boolean rightCulprit) {
        Answer answer = seen.verdict().isEmpty() ? Answer.NO_VERDICT
                : seen.verdict().get() != expected ? Answer.WRONG_VERDICT
                : rightCulprit ? Answer.RIGHT : Answer.WRONG_CULPRIT;
        if (answer != Answer.RIGHT) {
            System.out.printf("%s, expected %s:%n%s", answer, expected, seen.describe());
        }
        return answer;
    }

    private static Observation observe(Way way) throws Exception {
        return Programs.observer(BlockingProgram.class).arguments(way.name(), PAGES, WAIT_MILLIS, "1").observe();
    }
}
