package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * A test that fails unless a virtual thread holds its carrier thread. It documents a known fault: the test fails on the
 * day on which the fault is gone.
 *
 * <pre>{@code
 * @Test
 * @ShouldHoldCarrier(by = "com.acme.Jni::read")
 * void the_old_driver_waits_in_native_code() { … }
 * }</pre>
 *
 * <p>What {@link ShouldNotHoldCarrier} says of classes, locks and sight is true of it as well.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(CarrierExtension.class)
@ResourceLock(Resources.GLOBAL)
public @interface ShouldHoldCarrier {

    /**
     * Returns the methods of which one must be on the stack, written as in {@link ShouldNotHoldCarrier#allow()}. If it
     * is empty, any will do.
     */
    String[] by() default {};

    /** Returns how long it must hold its carrier, in {@link #unit()} (default: as configured, or else 20 ms). */
    long threshold() default ShouldNotHoldCarrier.AS_CONFIGURED;

    /** Returns the unit of the threshold. */
    TimeUnit unit() default TimeUnit.MILLISECONDS;

    /** Returns the ways to hold a carrier that count; {@code UNSEEN} is not allowed. */
    Kind[] kinds() default {Kind.NATIVE, Kind.PINNED};
}
