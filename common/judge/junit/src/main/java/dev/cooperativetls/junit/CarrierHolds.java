package dev.cooperativetls.junit;

import dev.cooperativetls.junit.CarrierWatch.Seen;
import dev.cooperativetls.junit.CarrierWatch.Window;
import dev.cooperativetls.recorder.CarrierHold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.AssertProvider;

/**
 * What held carriers since the test began: a parameter of a test method, for assertions by hand.
 *
 * <pre>{@code
 * @Test
 * @ExtendWith(CarrierExtension.class)
 * void the_driver_waits_in_read_and_nowhere_else(CarrierHolds holds) {
 *     …
 *     assertThat(holds).areBy("com.acme.Jni::read");
 * }
 * }</pre>
 *
 * <p>Each method reads the flight recording up to now, which takes some milliseconds. Thread-safe.
 */
public final class CarrierHolds implements AssertProvider<CarrierHoldsAssert> {

    private final CarrierWatch watch;
    private final Window window;
    private final Rule rule;

    CarrierHolds(CarrierWatch watch, Window window, Rule rule) {
        this.watch = watch;
        this.window = window;
        this.rule = rule;
    }

    /**
     * Returns each time that a virtual thread held its carrier, of every kind and length, the longest first.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public List<CarrierHold> all() {
        return read(Seen::holds);
    }

    /**
     * Returns those that count: as long as the threshold and of the kinds that the test's annotation or the settings
     * name, and neither allowed nor elsewhere. The longest comes first.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public List<CarrierHold> thatCount() {
        return all().stream().filter(rule::counts).toList();
    }

    /**
     * Returns the longest of all; empty if there is none.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public Optional<CarrierHold> longest() {
        return all().stream().findFirst();
    }

    /**
     * Returns how long a wait in native code must last to be seen for certain. It grows with the number of threads that
     * are in native code.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public Duration shortestCertain() {
        return read(Seen::shortestCertain);
    }

    /** Returns assertions, for AssertJ's {@code assertThat}. */
    @Override
    public CarrierHoldsAssert assertThat() {
        return new CarrierHoldsAssert(this);
    }

    private <T> T read(Function<Seen, T> what) {
        try (Seen seen = watch.seen(window)) {
            return what.apply(seen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
