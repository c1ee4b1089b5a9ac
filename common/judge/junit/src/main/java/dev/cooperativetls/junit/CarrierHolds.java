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
 * The holds of carriers since the test began. A test method can have this type as a parameter, to assert on the holds.
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
 * <p>Each method reads the flight recording up to the present, which takes some milliseconds. Thread-safe.
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
     * Returns all holds of every kind and length, the longest first.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public List<CarrierHold> all() {
        return read(Seen::holds);
    }

    /**
     * Returns the holds that count by the test's annotation or the settings, the longest first. They have at least the
     * length of the threshold and one of the kinds, are not allowed, and are within the given methods.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public List<CarrierHold> thatCount() {
        return all().stream().filter(rule::counts).toList();
    }

    /**
     * Returns the longest of all holds; empty if there is none.
     *
     * @throws UncheckedIOException if the flight recording cannot be written or read
     */
    public Optional<CarrierHold> longest() {
        return all().stream().findFirst();
    }

    /**
     * Returns how long a wait in native code must last to be certainly seen. This time grows with the number of threads
     * in native code.
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
