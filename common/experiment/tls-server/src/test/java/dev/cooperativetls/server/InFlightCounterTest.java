package dev.cooperativetls.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InFlightCounterTest {

    private final AtomicLong clock = new AtomicLong(-5);
    private final InFlightCounter counter = new InFlightCounter(clock::get);

    @Test
    void without_requests_all_counts_are_zero() {
        clock.addAndGet(100);

        assertThat(counter.inFlight()).isEqualTo(new InFlightRequests(0, 0, 0, 0));
    }

    @Test
    void requests_one_after_another_have_a_peak_and_a_mean_of_one() {
        for (int request = 0; request < 3; request++) {
            var counted = counter.begin();
            clock.addAndGet(10);
            counted.end();
            clock.addAndGet(1000);
        }

        assertThat(counter.inFlight()).isEqualTo(new InFlightRequests(0, 1, 1, 3));
    }

    @Test
    void the_mean_is_weighted_by_time_and_excludes_the_time_without_requests() {
        clock.addAndGet(500);
        var first = counter.begin();
        clock.addAndGet(30);
        var second = counter.begin();
        clock.addAndGet(10);
        first.end();
        second.end();
        clock.addAndGet(500);

        // 1 for 30 ns, 2 for 10 ns.
        assertThat(counter.inFlight()).isEqualTo(new InFlightRequests(0, 2, 1.25, 2));
    }

    @Test
    void a_request_that_is_still_in_flight_counts_up_to_now() {
        counter.begin();
        counter.begin().end();
        clock.addAndGet(10);

        assertThat(counter.inFlight()).isEqualTo(new InFlightRequests(1, 2, 1, 1));
    }

    @Test
    void a_request_ends_only_once() {
        var counted = counter.begin();
        counter.begin();
        counted.end();
        counted.end();

        assertThat(counter.inFlight().now()).isEqualTo(1);
        assertThat(counter.inFlight().served()).isEqualTo(1);
    }
}
