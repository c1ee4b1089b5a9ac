package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;

/** The scheduler is watched for one test after another. */
class SchedulerWatchTest {

    /** The thread of the first watch sleeps while the second one begins, so it could go on. */
    @RepeatedTest(3)
    void a_watch_has_nothing_from_before_its_beginning() throws Exception {
        Thread blocking = Thread.startVirtualThread(() -> Blocking.poll(Duration.ofSeconds(3)));
        var watch = new SchedulerWatch();
        watch.begin();
        blocking.join(Duration.ofMillis(200));
        watch.end();

        Instant second = Instant.now();
        watch.begin();
        while (blocking.isAlive() && watch.busy(second, Instant.now()).size() < 3) {
            Thread.onSpinWait();
        }
        List<SchedulerWatch.Moment> seen = watch.busy(second, Instant.now());
        watch.end();
        blocking.join();

        assertThat(seen).isNotEmpty()
                .allSatisfy(moment -> assertThat(moment.since()).isAfterOrEqualTo(second));
    }
}
