package dev.cooperativetls.frontdoor;

import java.util.Optional;
import java.util.function.Supplier;

/** Refuses the command line with this text, unless the condition holds. */
interface Requirement {

    void require(boolean condition, Supplier<String> otherwise);

    /** Refuses the command line if there is a problem. */
    default void requireNone(Optional<String> problem) {
        require(problem.isEmpty(), problem::orElseThrow);
    }
}
