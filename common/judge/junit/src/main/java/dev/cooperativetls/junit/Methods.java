package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierHold;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Patterns for methods: {@code com.acme.Jni::read}, {@code com.acme.Jni} or {@code com.acme.*}. */
record Methods(List<String> patterns) {

    static final Methods NONE = new Methods(List.of());

    private static final String NAME = "[\\p{L}_$][\\p{L}\\p{N}_$]*";
    private static final Pattern VALID =
            Pattern.compile("%1$s(\\.%1$s)*(\\.\\*|::(%1$s|<init>|<clinit>))?".formatted(NAME));

    /**
     * Returns the methods with these patterns.
     *
     * @param source the setting that has the patterns, for the message
     * @throws ExtensionConfigurationException if a pattern has another form
     */
    static Methods of(String source, List<String> patterns) {
        for (String pattern : patterns) {
            if (!VALID.matcher(pattern).matches()) {
                throw new ExtensionConfigurationException(
                        "%s must be like com.acme.Jni::read, com.acme.Jni or com.acme.*, not '%s'"
                                .formatted(source, pattern));
            }
        }
        return new Methods(List.copyOf(patterns));
    }

    Methods and(Methods others) {
        return new Methods(Stream.concat(patterns.stream(), others.patterns.stream()).toList());
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Returns whether one of the methods held the carrier or is on the stack. */
    boolean isOnStackOf(CarrierHold hold) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, hold.frame())
                || hold.stack().stream().map(one -> one.getClassName() + "." + one.getMethodName())
                        .anyMatch(one -> matches(pattern, one)));
    }

    private static boolean matches(String pattern, String method) {
        if (pattern.endsWith(".*")) {
            return method.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        if (pattern.contains("::")) {
            return method.equals(pattern.replace("::", "."));
        }
        String type = method.substring(0, method.lastIndexOf('.'));
        return type.equals(pattern) || type.startsWith(pattern + "$");
    }

    /** Returns the pattern for a frame's name, which is {@code package.Class.method}. */
    static String word(String frame) {
        int dot = frame.lastIndexOf('.');
        return frame.substring(0, dot) + "::" + frame.substring(dot + 1);
    }
}
