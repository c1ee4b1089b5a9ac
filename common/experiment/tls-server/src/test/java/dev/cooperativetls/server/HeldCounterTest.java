package dev.cooperativetls.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeldCounterTest {

    private final AtomicLong clock = new AtomicLong(-5);
    private final HeldCounter counter = new HeldCounter(clock::get);

    @Test
    void nothing_held_is_all_zeros() {
        clock.addAndGet(100);

        assertThat(counter.held()).isEqualTo(new HeldRequests(0, 0, 0, 0));
    }

    @Test
    void one_after_another_has_a_peak_and_a_mean_of_one() {
        for (int request = 0; request < 3; request++) {
            var hold = counter.hold();
            clock.addAndGet(10);
            hold.release();
            clock.addAndGet(1000);
        }

        assertThat(counter.held()).isEqualTo(new HeldRequests(0, 1, 1, 3));
    }

    @Test
    void the_mean_is_weighted_by_time_and_leaves_out_the_time_with_none() {
        clock.addAndGet(500);
        var first = counter.hold();
        clock.addAndGet(30);
        var second = counter.hold();
        clock.addAndGet(10);
        first.release();
        second.release();
        clock.addAndGet(500);

        // 1 for 30 ns, 2 for 10 ns.
        assertThat(counter.held()).isEqualTo(new HeldRequests(0, 2, 1.25, 2));
    }

    @Test
    void a_request_still_held_counts_up_to_now() {
        counter.hold();
        counter.hold().release();
        clock.addAndGet(10);

        assertThat(counter.held()).isEqualTo(new HeldRequests(1, 2, 1, 1));
    }

    @Test
    void a_hold_is_released_only_once() {
        var hold = counter.hold();
        counter.hold();
        hold.release();
        hold.release();

        assertThat(counter.held().now()).isEqualTo(1);
        assertThat(counter.held().served()).isEqualTo(1);
    }

    @Test
    void a_reset_forgets_what_was_but_not_what_is_held() {
        var first = counter.hold();
        var second = counter.hold();
        clock.addAndGet(10);
        first.release();
        counter.reset();
        assertThat(counter.held()).isEqualTo(new HeldRequests(1, 1, 0, 0));

        clock.addAndGet(10);
        second.release();

        assertThat(counter.held()).isEqualTo(new HeldRequests(0, 1, 1, 1));
    }
}
