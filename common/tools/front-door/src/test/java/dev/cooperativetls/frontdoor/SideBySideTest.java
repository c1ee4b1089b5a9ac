package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {

    private static final int ALL_AT_ONCE = Integer.MAX_VALUE;
    private static final List<Cell> ALL = List.of(new Cell("one", false), new Cell("two", false),
            new Cell("three", true), new Cell("four", true), new Cell("five", false), new Cell("six", true),
            new Cell("seven", false));
    private static final List<String> NAMES = ALL.stream().map(Cell::name).toList();
    private static final int SLOW = (int) ALL.stream().filter(SideBySideTest::slow).count();

    private record Cell(String name, boolean isSlow) {}

    private static boolean slow(Cell cell) {
        return cell.isSlow();
    }

    @Test
    void one_job_runs_the_cells_in_their_order() throws Exception {
        List<Cell> ran = new ArrayList<>();
        AtomicInteger running = new AtomicInteger();
        List<String> names = SideBySide.run(ALL, 1, Cell::isSlow, (cell, turn) -> {
            turn.await();
            assertThat(running.incrementAndGet()).isEqualTo(1);
            ran.add(cell);
            running.decrementAndGet();
            return cell.name();
        });
        assertThat(ran).isEqualTo(ALL);
        assertThat(names).isEqualTo(NAMES);
    }

    @Test
    void all_slow_cells_and_one_fast_cell_run_at_the_same_time() throws Exception {
        CountDownLatch together = new CountDownLatch(SLOW + 1);
        AtomicInteger fast = new AtomicInteger();
        AtomicInteger mostFast = new AtomicInteger();
        List<String> names = SideBySide.run(ALL, ALL_AT_ONCE, Cell::isSlow, (cell, turn) -> {
            turn.await();
            turn.begun();
            if (!slow(cell)) {
                mostFast.accumulateAndGet(fast.incrementAndGet(), Math::max);
            }
            together.countDown();
            together.await(); // never returns unless all slow cells run at the same time
            fast.addAndGet(slow(cell) ? 0 : -1);
            return cell.name();
        });
        assertThat(mostFast).hasValue(1);
        assertThat(names).isEqualTo(NAMES);
    }

    @Test
    void a_fast_cell_gets_its_turn_after_the_slow_cells_have_begun() throws Exception {
        AtomicInteger begunSlow = new AtomicInteger();
        CountDownLatch fastHasRun = new CountDownLatch(1);
        SideBySide.run(ALL, ALL_AT_ONCE, Cell::isSlow, (cell, turn) -> {
            if (slow(cell)) {
                begunSlow.incrementAndGet();
                turn.begun();
                turn.begun(); // a second call changes nothing
                fastHasRun.await();
            } else {
                turn.await();
                assertThat(begunSlow).hasValue(SLOW);
                fastHasRun.countDown();
            }
            return "";
        });
    }

    /** A run that is refused, for example, never begins. */
    @Test
    void slow_cells_that_never_begin_delay_the_fast_cells_until_they_end() throws Exception {
        AtomicInteger endedSlow = new AtomicInteger();
        SideBySide.run(ALL, ALL_AT_ONCE, Cell::isSlow, (cell, turn) -> {
            if (slow(cell)) {
                endedSlow.incrementAndGet();
            } else {
                turn.await();
                assertThat(endedSlow).hasValue(SLOW);
            }
            return "";
        });
    }

    @Test
    void at_most_jobs_cells_run_at_the_same_time() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        SideBySide.run(ALL, 2, Cell::isSlow, (_, turn) -> {
            turn.await();
            turn.begun();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            two.countDown();
            two.await();
            now.decrementAndGet();
            return "";
        });
        assertThat(most).hasValue(2);
    }

    @Test
    void the_next_fast_cell_starts_its_jvm_while_another_runs_and_waits_for_its_turn() throws Exception {
        CountDownLatch nextHasStarted = new CountDownLatch(2);
        AtomicInteger running = new AtomicInteger();
        SideBySide.run(ALL, ALL_AT_ONCE, Cell::isSlow, (cell, turn) -> {
            if (!slow(cell)) {
                nextHasStarted.countDown();
                turn.await();
                assertThat(running.incrementAndGet()).isEqualTo(1);
                nextHasStarted.await(); // never returns unless the next cell starts during this run
                running.decrementAndGet();
                turn.over();
            }
            return "";
        });
    }

    @Test
    void a_cell_that_is_slow_unexpectedly_gives_its_turn_to_the_next() throws Exception {
        AtomicInteger waiting = new AtomicInteger(NAMES.size());
        CountDownLatch together = new CountDownLatch(NAMES.size());
        SideBySide.run(ALL, ALL_AT_ONCE, _ -> false, (_, turn) -> {
            turn.await();
            turn.begun();
            assertThat(waiting.decrementAndGet()).isNotNegative();
            turn.over();
            together.countDown();
            together.await(); // never returns unless all cells run at the same time
            return "";
        });
        assertThat(waiting).hasValue(0);
    }

    @Test
    void the_first_cell_that_fails_ends_the_others() {
        CountDownLatch waits = new CountDownLatch(1);
        List<Cell> interrupted = Collections.synchronizedList(new ArrayList<>());
        assertThatThrownBy(() -> SideBySide.run(ALL, 2, Cell::isSlow, (cell, turn) -> {
            turn.await();
            turn.begun();
            if (!slow(cell)) {
                waits.await();
                throw new IOException("broken: " + cell.name());
            }
            try {
                waits.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.add(cell);
                throw e;
            }
            return "";
        })).isInstanceOf(IOException.class).message().isIn("broken: one", "broken: two");
        assertThat(interrupted).hasSize(1);
    }
}
