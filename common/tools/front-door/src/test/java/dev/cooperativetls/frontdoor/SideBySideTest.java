package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cooperativetls.frontdoor.SideBySide.Lane;
import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {

    private static final List<Cell> ALL = Stages.ALL.stream()
            .flatMap(stage -> stage.verdicts().keySet().stream()
                    .map(call -> new Cell(stage, stage, call, true, true)))
            .toList();
    private static final long SLOW = ALL.stream().filter(SideBySideTest::slow).count();

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    private static boolean slow(Cell cell) {
        return cell.expected().equals(Optional.of(Verdict.SLOW));
    }

    private interface Run {
        String of(Cell cell) throws IOException, InterruptedException;
    }

    private SideBySide<String> lanes(Run run) {
        return new SideBySide<>(() -> {
            opened.incrementAndGet();
            return new Lane<>() {
                @Override
                public String run(Cell cell) throws IOException, InterruptedException {
                    return run.of(cell);
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        });
    }

    @Test
    void in_one_lane_cells_are_run_in_their_order() throws Exception {
        List<Cell> ran = new ArrayList<>();
        List<String> came = lanes(cell -> {
            ran.add(cell);
            return cell.toString();
        }).run(ALL, 1);
        assertThat(ran).isEqualTo(ALL);
        assertThat(came).isEqualTo(ALL.stream().map(Cell::toString).toList());
        assertThat(opened).hasValue(1);
        assertThat(closed).hasValue(1);
    }

    @Test
    void the_slow_ones_go_together_and_with_them_one_of_the_fast() throws Exception {
        CountDownLatch together = new CountDownLatch((int) SLOW + 1);
        AtomicInteger fast = new AtomicInteger();
        AtomicInteger mostFast = new AtomicInteger();
        List<String> came = lanes(cell -> {
            if (!slow(cell)) {
                mostFast.accumulateAndGet(fast.incrementAndGet(), Math::max);
            }
            together.countDown();
            together.await(); // for ever, unless all the slow ones are here at once
            fast.addAndGet(slow(cell) ? 0 : -1);
            return cell.toString();
        }).run(ALL, 100);
        assertThat(mostFast).hasValue(1);
        assertThat(came).isEqualTo(ALL.stream().map(Cell::toString).toList());
        assertThat(opened).hasValue((int) SLOW + 1);
        assertThat(closed).hasValue((int) SLOW + 1);
    }

    @Test
    void there_are_no_more_lanes_than_asked_for() throws Exception {
        List<Cell> atOnce = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger most = new AtomicInteger();
        lanes(cell -> {
            atOnce.add(cell);
            most.accumulateAndGet(atOnce.size(), Math::max);
            atOnce.remove(cell);
            return "";
        }).run(ALL, 2);
        assertThat(opened).hasValue(2);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void the_first_that_fails_ends_the_others() {
        CountDownLatch waits = new CountDownLatch(1);
        List<Cell> interrupted = Collections.synchronizedList(new ArrayList<>());
        assertThatThrownBy(() -> lanes(cell -> {
            if (!slow(cell)) {
                waits.await();
                throw new IOException("broken: " + cell);
            }
            try {
                waits.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.add(cell);
                throw e;
            }
            return "";
        }).run(ALL, 2)).isInstanceOf(IOException.class).hasMessage("broken: stage-00 read");
        assertThat(interrupted).hasSize(1);
        assertThat(closed).hasValue(2);
    }
}
