package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierHold;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the {@link CarrierHolds} that count.
 *
 * <pre>{@code
 * assertThat(holds).areBy("com.acme.Jni::read");  // passes if threads held carriers only in this method
 * assertThat(holds).areByNobody();                // fails in the same case
 * }</pre>
 */
public final class CarrierHoldsAssert extends AbstractAssert<CarrierHoldsAssert, CarrierHolds> {

    CarrierHoldsAssert(CarrierHolds holds) {
        super(holds, CarrierHoldsAssert.class);
    }

    /** Verifies that no hold counts. */
    public CarrierHoldsAssert areByNobody() {
        isNotNull();
        List<CarrierHold> holds = actual.thatCount();
        if (!holds.isEmpty()) {
            failWithMessage("%nExpected no thread to hold its carrier.%n%s", HoldText.all(holds));
        }
        return this;
    }

    /**
     * Verifies that at least one hold counts, and that each of them has one of these methods on its stack.
     *
     * @param methods in the form of {@link ShouldNotHoldCarrier#allow()}
     */
    public CarrierHoldsAssert areBy(String... methods) {
        isNotNull();
        List<CarrierHold> holds = actual.thatCount();
        Methods expected = Methods.of("areBy", List.of(methods));
        if (holds.isEmpty() || !holds.stream().allMatch(expected::isOnStackOf)) {
            failWithMessage("%nExpected threads to hold their carriers only in %s.%n%s", String.join(" or ", methods),
                    HoldText.all(holds));
        }
        return this;
    }
}
