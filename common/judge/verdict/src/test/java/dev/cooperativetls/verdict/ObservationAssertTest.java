package dev.cooperativetls.verdict;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.cooperativetls.recorder.CarrierBlock;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObservationAssertTest {

    private static final CarrierBlock POLL =
            new CarrierBlock("a.Poll.poll", CarrierBlock.Kind.NATIVE, 0.953,
                    List.of("jdk.Stub.call", "a.Poll.poll", "a.Page.run"));

    private static final Observation SLOW =
            Runs.seen(List.of(Runs.page(0, 0.0, 1.0), Runs.page(1, 1.0, 2.0)), 2.1, 1, POLL).withServer(1, 0.95);

    @Test
    void a_failure_prints_everything_that_was_observed() {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(SLOW).isFast()).withMessage("""

                Expected the verdict to be
                  FAST
                but was
                  SLOW
                Observed:
                  verdict         SLOW: one wait at a time
                  pages           2 requested, 2 valid, 0 invalid
                  time            2.100 s; overlap 0.95
                  delay           1.0 s
                  at once         1 by the server's count
                  server's mean   0.95
                  carriers        1
                  JDK             25
                  TLS provider    SunJSSE: JDK
                  socket class    a.Socket
                  blocked by      a.Poll.poll (native, 95 %)
                        at jdk.Stub.call
                        at a.Poll.poll
                        at a.Page.run
                  page 0          start 0.000, sent 0.000, first byte 1.000, end 1.000, status 200
                  page 1          start 0.000, sent 1.000, first byte 2.000, end 2.000, status 200
                """.replace("\n", System.lineSeparator()));
    }

    @Test
    void a_failure_prints_why_pages_failed() {
        Observation failed = Runs.seen(List.of(Runs.invalidPage(0), Runs.page(1, null, null)), 1, 1);

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(failed).isSlow())
                .withMessageContainingAll("but was", "none, 1 of 2 pages invalid",
                        "blocked by      no method that was seen",
                        "status 404, invalid: HTTP 404", "at once         1 by the pages' times",
                        "sent -, first byte -");
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void each_verdict_passes_its_own_assertion_and_no_other(Verdict verdict) {
        Observation seen = switch (verdict) {
            case FAST -> Runs.seen(Runs.pages(10, 0), 1, 1);
            case PARTIAL -> Runs.seen(Runs.pages(10, 0.5), 5.5, 1);
            case SLOW -> Runs.seen(Runs.pages(10, 1), 10, 1);
            case HUNG -> Runs.timedOut(Runs.seen(Runs.pages(10, 1), 10, 1));
        };

        expect(verdict == Verdict.FAST, seen, it -> assertThat(it).isFast());
        expect(verdict == Verdict.PARTIAL, seen, it -> assertThat(it).isPartial());
        expect(verdict == Verdict.SLOW, seen, it -> assertThat(it).isSlow());
        expect(verdict == Verdict.HUNG, seen, it -> assertThat(it).isHung());
    }

    @Test
    void the_servers_peak_is_asserted() {
        expect(true, SLOW, it -> assertThat(it).hasServerPeak(1));
        expect(false, SLOW, it -> assertThat(it).hasServerPeak(2));
        expect(false, Runs.seen(Runs.pages(1, 1), 1, 1), it -> assertThat(it).hasServerPeak(1));
        expect(true, SLOW, it -> assertThat(it).hasServerPeakAbove(0));
        expect(false, SLOW, it -> assertThat(it).hasServerPeakAbove(1));
        expect(false, Runs.seen(Runs.pages(1, 1), 1, 1), it -> assertThat(it).hasServerPeakAbove(0));
    }

    @Test
    void the_socket_class_is_asserted() {
        expect(true, SLOW, it -> assertThat(it).hasSocketClass("a.Socket"));
        expect(false, SLOW, it -> assertThat(it).hasSocketClass("Socket"));
    }

    @Test
    void the_culprit_is_asserted() {
        expect(true, SLOW, it -> assertThat(it).isBlockedBy("a.Poll.poll"));
        expect(false, SLOW, it -> assertThat(it).isBlockedBy("a.Page.run"));
        expect(false, SLOW, it -> assertThat(it).isBlockedByNobody());
        Observation free = Runs.seen(Runs.pages(10, 1), 10, 1);
        expect(true, free, it -> assertThat(it).isBlockedByNobody());
        expect(false, free, it -> assertThat(it).isBlockedBy("a.Poll.poll"));
    }

    @Test
    void a_description_comes_first() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(SLOW).as("%d %% of stage-02", 100).isFast())
                .withMessageStartingWith("[100 % of stage-02] ");
    }

    @Test
    void assertions_chain() {
        assertThatNoException().isThrownBy(() ->
                assertThat(SLOW).isSlow().hasServerPeak(1).hasSocketClass("a.Socket").isBlockedBy("a.Poll.poll"));
    }

    private static void expect(boolean passes, Observation seen, Consumer<Observation> assertion) {
        if (passes) {
            assertThatNoException().isThrownBy(() -> assertion.accept(seen));
        } else {
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertion.accept(seen))
                    .withMessageContaining("Observed:");
        }
    }
}
