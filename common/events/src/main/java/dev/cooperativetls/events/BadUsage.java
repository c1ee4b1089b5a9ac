package dev.cooperativetls.events;

import java.math.BigDecimal;
import java.nio.file.Path;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The error messages about a wrong command line, for programs that use picocli. */
public final class BadUsage {

    private BadUsage() {}

    /**
     * Returns a message of one line. For a value that cannot be converted, picocli's own message names the Java type
     * and the exception, so this method returns another message.
     */
    public static String message(ParameterException bad) {
        if (bad.getArgSpec() instanceof OptionSpec option && bad.getCause() != null) {
            String expected = expected(option.auxiliaryTypes()[0], bad.getValue());
            if (expected != null) {
                return "%s must be %s, not '%s'".formatted(option.longestName(), expected, bad.getValue());
            }
        }
        return bad.getMessage();
    }

    /** Returns a description of the values of a type; null if picocli's message is good enough. */
    private static String expected(Class<?> type, String value) {
        if (type == int.class || type == Integer.class) {
            return value.matches("\\d+") ? "a smaller number" : "a whole number";
        }
        if (type == BigDecimal.class) {
            return "a number of seconds such as 0.5";
        }
        return type == Path.class ? "a path with characters of this locale's encoding" : null;
    }
}
