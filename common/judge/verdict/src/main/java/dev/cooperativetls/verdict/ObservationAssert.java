package dev.cooperativetls.verdict;

import dev.cooperativetls.recorder.CarrierBlock;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on an {@link Observation}. A failure prints everything that was observed.
 *
 * <pre>{@code
 * assertThat(slow).isSlow().hasServerPeak(1).isBlockedBy("a.Poll.poll");   // passes
 * assertThat(slow).isFast();                                               // fails: the verdict is SLOW
 * }</pre>
 */
public final class ObservationAssert extends AbstractAssert<ObservationAssert, Observation> {

    private ObservationAssert(Observation observation) {
        super(observation, ObservationAssert.class);
    }

    /** Returns assertions on this observation; each fails if it is null. */
    public static ObservationAssert assertThat(Observation observation) {
        return new ObservationAssert(observation);
    }

    /** Checks that the verdict is {@link Verdict#FAST}. It fails if there is no verdict. */
    public ObservationAssert isFast() {
        return is(Verdict.FAST);
    }

    /** Checks that the verdict is {@link Verdict#SLOW}. It fails if there is no verdict. */
    public ObservationAssert isSlow() {
        return is(Verdict.SLOW);
    }

    /** Checks that the verdict is {@link Verdict#PARTIAL}. It fails if there is no verdict. */
    public ObservationAssert isPartial() {
        return is(Verdict.PARTIAL);
    }

    /** Checks that the verdict is {@link Verdict#HUNG}. It fails if there is no verdict. */
    public ObservationAssert isHung() {
        return is(Verdict.HUNG);
    }

    private ObservationAssert is(Verdict expected) {
        isNotNull();
        return check(actual.verdict().equals(Optional.of(expected)), "the verdict", expected,
                actual.verdict().map(Verdict::name).orElse("none, " + actual.reason()));
    }

    /** Checks the greatest number of in-flight requests. It fails if no server counted. */
    public ObservationAssert hasServerPeak(int peak) {
        isNotNull();
        return check(actual.serverPeak().equals(OptionalInt.of(peak)), "the server's peak", peak,
                actual.serverPeak().isPresent() ? actual.serverPeak().getAsInt() : "unknown");
    }

    /**
     * Checks that the greatest number of in-flight requests is greater than this. It fails if no server counted. On a
     * busy machine the peak of a fast run may be less than the number of pages.
     */
    public ObservationAssert hasServerPeakAbove(int peak) {
        isNotNull();
        return check(actual.serverPeak().orElse(0) > peak, "the server's peak", "more than " + peak,
                actual.serverPeak().isPresent() ? actual.serverPeak().getAsInt() : "unknown");
    }

    /**
     * Checks the class of the socket under the connections.
     *
     * @param name the full name of the class; null if there should be no socket
     */
    public ObservationAssert hasSocketClass(String name) {
        isNotNull();
        return check(Objects.equals(actual.socketClass(), name), "the socket class", name, actual.socketClass());
    }

    /**
     * Checks the culprit.
     *
     * @param frame the culprit's frame, as {@code package.Class.method}
     */
    public ObservationAssert isBlockedBy(String frame) {
        isNotNull();
        return check(actual.culprit().map(CarrierBlock::frame).equals(Optional.of(frame)), "the culprit", frame,
                actual.culprit().map(CarrierBlock::toString).orElse("none"));
    }

    /** Checks that there is no culprit. */
    public ObservationAssert isBlockedByNobody() {
        isNotNull();
        return check(actual.culprit().isEmpty(), "the culprit", "none",
                actual.culprit().map(CarrierBlock::toString).orElse("none"));
    }

    private ObservationAssert check(boolean passes, String what, Object expected, Object seen) {
        if (!passes) {
            failWithMessage("%nExpected %s to be%n  %s%nbut was%n  %s%nObserved:%n%s",
                    what, expected, seen, actual.describe());
        }
        return this;
    }
}
