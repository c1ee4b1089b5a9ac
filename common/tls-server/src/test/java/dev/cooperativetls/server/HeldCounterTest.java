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
            hold.answered();
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
        first.answered();
        second.answered();
        clock.addAndGet(500);

        // 1 for 30 ns, 2 for 10 ns.
        assertThat(counter.held()).isEqualTo(new HeldRequests(0, 2, 1.25, 2));
    }

    @Test
    void a_request_still_held_counts_up_to_now() {
        counter.hold();
        counter.hold().answered();
        clock.addAndGet(10);

        assertThat(counter.held()).isEqualTo(new HeldRequests(1, 2, 1, 1));
    }

    @Test
    void a_hold_ends_only_once() {
        var hold = counter.hold();
        counter.hold();
        hold.answered();
        hold.answered();
        hold.abandoned();

        assertThat(counter.held().now()).isEqualTo(1);
        assertThat(counter.held().served()).isEqualTo(1);
    }

    @Test
    void an_abandoned_request_is_not_served() {
        var hold = counter.hold();
        hold.abandoned();
        hold.answered();

        assertThat(counter.held().now()).isZero();
        assertThat(counter.held().served()).isZero();
    }

    @Test
    void a_reset_forgets_what_was_but_not_what_is_held() {
        var first = counter.hold();
        var second = counter.hold();
        clock.addAndGet(10);
        first.answered();
        counter.reset();
        assertThat(counter.held()).isEqualTo(new HeldRequests(1, 1, 0, 0));

        clock.addAndGet(10);
        second.answered();

        assertThat(counter.held()).isEqualTo(new HeldRequests(0, 1, 1, 1));
    }
}
