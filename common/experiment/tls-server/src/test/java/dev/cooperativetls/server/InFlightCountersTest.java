package dev.cooperativetls.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightCountersTest {

    private static final InFlightRequests NONE = new InFlightRequests(0, 0, 0, 0);

    private final AtomicLong clock = new AtomicLong();
    private final InFlightCounters counters = new InFlightCounters(clock::get);

    @Test
    void concurrent_runs_are_counted_separately_and_together() {
        Runnable slow = counters.begin("run=slow&page=0");
        counters.begin("run=fast&page=0");
        counters.begin("page=1&run=fast");
        clock.addAndGet(10);
        slow.run();
        counters.begin("run=slow&page=1");
        clock.addAndGet(10);

        assertThat(counters.inFlight("slow")).isEqualTo(new InFlightRequests(1, 1, 1, 1));
        assertThat(counters.inFlight("fast")).isEqualTo(new InFlightRequests(2, 2, 2, 0));
        assertThat(counters.inFlight()).isEqualTo(new InFlightRequests(3, 3, 3, 1));
        assertThat(counters.inFlight("unknown")).isEqualTo(NONE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "page=1", "rerun=slow", "run", "page=run=slow"})
    void a_request_without_a_run_belongs_to_no_run(String query) {
        counters.begin(query);

        assertThat(counters.inFlight().now()).isEqualTo(1);
        assertThat(counters.inFlight("slow")).isEqualTo(NONE);
        assertThat(counters.inFlight("")).isEqualTo(NONE);
    }
}
