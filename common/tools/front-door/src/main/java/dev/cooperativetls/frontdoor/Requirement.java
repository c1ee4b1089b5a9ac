package dev.cooperativetls.frontdoor;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Refuses the command line with this text, unless the condition holds. */
interface Requirement {

    void require(boolean condition, Supplier<String> otherwise);

    /** Refuses the command line with this text, in the form of {@link String#format}, unless the condition holds. */
    default void require(boolean condition, String otherwise, Object... values) {
        require(condition, () -> String.format(Locale.ROOT, otherwise, values));
    }

    /** Refuses the command line if there is a problem. */
    default void requireNone(Optional<String> problem) {
        require(problem.isEmpty(), problem::orElseThrow);
    }
}
