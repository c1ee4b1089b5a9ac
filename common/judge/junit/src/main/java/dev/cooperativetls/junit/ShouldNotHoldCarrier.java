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
 * A test that fails if a virtual thread holds its carrier thread: if it waits in native code, or parks while pinned.
 * Then the virtual threads that the carrier could run meanwhile have to wait.
 *
 * <pre>{@code
 * @Test
 * @ShouldNotHoldCarrier
 * void pages_wait_together() { … }
 * }</pre>
 *
 * <p>On a class, it is for each of its tests, and for those of subclasses and nested classes. An annotation on a method
 * replaces that of its class. What counts is the test method, without the methods that prepare it.
 *
 * <p>All virtual threads of the JVM count. So a test with this annotation runs alone: it takes JUnit's global lock, and
 * if tests run in parallel, all others wait for it.
 *
 * <p>Before the first such test, a wait in native code must be seen. If it is not seen, the tests are aborted, with the
 * reason. See the module's README for the settings.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(CarrierExtension.class)
@ResourceLock(Resources.GLOBAL)
public @interface ShouldNotHoldCarrier {

    /** Stands for the threshold that {@code junit-platform.properties} has, or else for 20 ms. */
    long AS_CONFIGURED = -1;

    /** Returns how long a thread may hold its carrier, in {@link #unit()} (default: as configured, or else 20 ms). */
    long threshold() default AS_CONFIGURED;

    /** Returns the unit of the threshold. */
    TimeUnit unit() default TimeUnit.MILLISECONDS;

    /**
     * Returns the ways to hold a carrier that count. {@code COMPUTING} must be asked for, because a test's first run
     * loads and compiles classes. For the same reason, a thread that the JVM makes wait never counts, while it loads,
     * links or initialises a class or collects garbage. An initialiser that waits itself does. {@code UNSEEN} is not
     * allowed.
     */
    Kind[] kinds() default {Kind.NATIVE, Kind.PINNED};

    /**
     * Returns the methods in which a thread may hold its carrier, however long: {@code com.acme.Jni::read}, all methods
     * of a class, {@code com.acme.Jni}, or of a package and those below it, {@code com.acme.*}. It is enough that one
     * of them is on the stack. Those that are configured are allowed as well.
     */
    String[] allow() default {};

    /**
     * Returns the methods of which one must be on the stack, written as in {@link #allow()}; else the thread does not
     * count. If it is empty, those count that are configured, or else all.
     */
    String[] within() default {};
}
