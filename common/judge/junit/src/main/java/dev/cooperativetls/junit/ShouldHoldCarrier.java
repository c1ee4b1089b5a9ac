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
 * An annotation for a test that fails unless a virtual thread holds its carrier thread. It documents a known fault: the
 * test fails when the fault is fixed.
 *
 * <pre>{@code
 * @Test
 * @ShouldHoldCarrier(by = "com.acme.Jni::read")
 * void the_old_driver_waits_in_native_code() { … }
 * }</pre>
 *
 * <p>Classes, JUnit's lock and the check before the first test are as described at {@link ShouldNotHoldCarrier}.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(CarrierExtension.class)
@ResourceLock(Resources.GLOBAL)
public @interface ShouldHoldCarrier {

    /**
     * Returns the methods of which one must be on the stack, in the form of {@link ShouldNotHoldCarrier#allow()}
     * (default: any method).
     */
    String[] by() default {};

    /**
     * Returns how long a thread must hold its carrier at least, in {@link #unit()} (default: as configured, or else
     * 20 ms).
     */
    long threshold() default ShouldNotHoldCarrier.AS_CONFIGURED;

    /** Returns the unit of the threshold. */
    TimeUnit unit() default TimeUnit.MILLISECONDS;

    /** Returns the kinds of holds that count. {@code UNSEEN} is not allowed. */
    Kind[] kinds() default {Kind.NATIVE, Kind.PINNED};
}
