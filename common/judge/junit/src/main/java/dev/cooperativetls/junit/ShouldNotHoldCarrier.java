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
 * An annotation for a test that fails if a virtual thread holds its carrier thread: if the thread waits in native code,
 * or parks while pinned. Other virtual threads that need this carrier have to wait.
 *
 * <pre>{@code
 * @Test
 * @ShouldNotHoldCarrier
 * void pages_wait_together() { … }
 * }</pre>
 *
 * <p>On a class, the annotation applies to each of its tests, and to the tests of subclasses and nested classes. An
 * annotation on a method replaces that of its class. Only the test method counts, without {@code @BeforeEach} and
 * {@code @AfterEach} methods.
 *
 * <p>All virtual threads of the JVM count. So a test with this annotation takes JUnit's global lock and runs alone,
 * even if tests run in parallel.
 *
 * <p>Before the first such test, the extension checks that it sees a wait in native code. If it does not, the tests are
 * aborted, with the reason. See the module's README for the settings.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(CarrierExtension.class)
@ResourceLock(Resources.GLOBAL)
public @interface ShouldNotHoldCarrier {

    /** The value for the threshold in {@code junit-platform.properties}, or else for 20 ms. */
    long AS_CONFIGURED = -1;

    /** Returns the length from which a hold counts, in {@link #unit()} (default: as configured, or else 20 ms). */
    long threshold() default AS_CONFIGURED;

    /** Returns the unit of the threshold. */
    TimeUnit unit() default TimeUnit.MILLISECONDS;

    /**
     * Returns the kinds of holds that count. {@code COMPUTING} is not a default, because a test's first run loads and
     * compiles classes. A wait for work of the JVM never counts: the JVM loads, links or initialises a class, or
     * collects garbage. A class initialiser that itself waits does count. {@code UNSEEN} is not allowed.
     */
    Kind[] kinds() default {Kind.NATIVE, Kind.PINNED};

    /**
     * Returns the methods in which a thread may hold its carrier for any time. A hold is allowed if one of them is on
     * the stack. The forms are {@code com.acme.Jni::read}; {@code com.acme.Jni} for all methods of a class; and
     * {@code com.acme.*} for a package and the packages below it. The configured methods are allowed as well.
     */
    String[] allow() default {};

    /**
     * Returns the methods of which one must be on the stack, so that a hold counts (default: the configured methods, or
     * else all). The forms are those of {@link #allow()}.
     */
    String[] within() default {};
}
