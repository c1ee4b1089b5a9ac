package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierHold;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on {@link CarrierHolds}, on those that count.
 *
 * <pre>{@code
 * assertThat(holds).areBy("com.acme.Jni::read");  // passes if a thread waited there, and nowhere else
 * assertThat(holds).areByNobody();                // fails then
 * }</pre>
 */
public final class CarrierHoldsAssert extends AbstractAssert<CarrierHoldsAssert, CarrierHolds> {

    CarrierHoldsAssert(CarrierHolds holds) {
        super(holds, CarrierHoldsAssert.class);
    }

    /** Verifies that no thread held its carrier. */
    public CarrierHoldsAssert areByNobody() {
        isNotNull();
        List<CarrierHold> holds = actual.thatCount();
        if (!holds.isEmpty()) {
            failWithMessage("%nExpected nobody to hold a carrier.%n%s", HoldText.all(holds));
        }
        return this;
    }

    /**
     * Verifies that a thread held its carrier, and that each such time one of these methods was on its stack.
     *
     * @param methods written as in {@link ShouldNotHoldCarrier#allow()}
     */
    public CarrierHoldsAssert areBy(String... methods) {
        isNotNull();
        List<CarrierHold> holds = actual.thatCount();
        Methods expected = Methods.of("areBy", List.of(methods));
        if (holds.isEmpty() || !holds.stream().allMatch(expected::isOnStackOf)) {
            failWithMessage("%nExpected carriers to be held in %s only.%n%s", String.join(" or ", methods),
                    HoldText.all(holds));
        }
        return this;
    }
}
