package dev.cooperativetls.testkit;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test that runs in every {@link SocketMode} of its {@link SocketUnderTest}. Each run has a timeout of 30 s. */
@Target(METHOD)
@Retention(RUNTIME)
@ParameterizedTest
@ArgumentsSource(EveryMode.Modes.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@interface EveryMode {

    /** The versions of TLS that have this behaviour. */
    String[] protocols() default {"TLSv1.2", "TLSv1.3"};

    /** Whether the test runs only with {@code readInto} on virtual threads, once per engine and version of TLS. */
    boolean oncePerEngine() default false;

    final class Modes extends AnnotationBasedArgumentsProvider<EveryMode> {

        @Override
        protected Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext test, EveryMode asked) {
            return ((SocketUnderTest) test.getRequiredTestInstance()).form().modes()
                    .filter(mode -> List.of(asked.protocols()).contains(mode.protocol()))
                    .filter(mode -> !asked.oncePerEngine()
                            || mode.equals(SocketMode.control(mode.protocol()).over(mode.engine())))
                    .map(Arguments::of);
        }
    }
}
