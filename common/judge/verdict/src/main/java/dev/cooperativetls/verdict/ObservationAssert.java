package dev.cooperativetls.verdict;

import dev.cooperativetls.recorder.CarrierBlock;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractAssert;

/** Assertions on an {@link Observation}. A failure prints all that was observed. */
public final class ObservationAssert extends AbstractAssert<ObservationAssert, Observation> {

    private ObservationAssert(Observation observation) {
        super(observation, ObservationAssert.class);
    }

    public static ObservationAssert assertThat(Observation observation) {
        return new ObservationAssert(observation);
    }

    public ObservationAssert isFast() {
        return is(Verdict.FAST);
    }

    public ObservationAssert isSlow() {
        return is(Verdict.SLOW);
    }

    public ObservationAssert isPartial() {
        return is(Verdict.PARTIAL);
    }

    public ObservationAssert isHung() {
        return is(Verdict.HUNG);
    }

    private ObservationAssert is(Verdict expected) {
        isNotNull();
        return check(actual.verdict().equals(Optional.of(expected)), "the verdict", expected,
                actual.verdict().map(Verdict::name).orElse("none, " + actual.reason()));
    }

    /** Checks that the server held this many requests at once at the most. */
    public ObservationAssert hasServerPeak(int peak) {
        isNotNull();
        return check(actual.serverPeak().equals(OptionalInt.of(peak)), "the server's peak", peak,
                actual.serverPeak().isPresent() ? actual.serverPeak().getAsInt() : "not known");
    }

    /** Checks the name of the class of the socket under the connections. */
    public ObservationAssert hasSocketClass(String name) {
        isNotNull();
        return check(Objects.equals(actual.socketClass(), name), "the socket class", name, actual.socketClass());
    }

    /**
     * Checks what blocked the carrier.
     *
     * @param frame the culprit's frame, as {@code package.Class.method}
     */
    public ObservationAssert isBlockedBy(String frame) {
        isNotNull();
        return check(actual.culprit().map(CarrierBlock::frame).equals(Optional.of(frame)), "the culprit", frame,
                actual.culprit().map(CarrierBlock::toString).orElse("nobody"));
    }

    /** Checks that nothing blocked the carrier while others waited. */
    public ObservationAssert isBlockedByNobody() {
        isNotNull();
        return check(actual.culprit().isEmpty(), "the culprit", "nobody",
                actual.culprit().map(CarrierBlock::toString).orElse("nobody"));
    }

    private ObservationAssert check(boolean passes, String what, Object expected, Object seen) {
        if (!passes) {
            failWithMessage("%nExpected %s to be%n  %s%nbut was%n  %s%nObserved:%n%s",
                    what, expected, seen, actual.describe());
        }
        return this;
    }
}
