package dev.cooperativetls.frontdoor;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks the command line. Each method throws picocli's {@code ParameterException} if a condition is not met. */
public interface Requirement {

    /** Checks a condition; if it is false, the exception has this message. */
    void require(boolean condition, Supplier<String> otherwise);

    /** Checks a condition; if it is false, the exception has this message, formatted as by {@link String#format}. */
    default void require(boolean condition, String otherwise, Object... values) {
        require(condition, () -> String.format(Locale.ROOT, otherwise, values));
    }

    /** Checks that there is no problem; if there is one, the exception has its text. */
    default void requireNone(Optional<String> problem) {
        require(problem.isEmpty(), problem::orElseThrow);
    }
}
