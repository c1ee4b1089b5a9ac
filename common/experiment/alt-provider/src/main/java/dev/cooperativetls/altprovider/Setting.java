package dev.cooperativetls.altprovider;

import java.util.Arrays;

/** A reader of system properties that have a few allowed values. */
final class Setting {

    private Setting() {}

    /**
     * Returns the value that the property names.
     *
     * @param unset the value to return if the property is not set
     * @throws IllegalArgumentException if the property names none of the values; the message lists them
     */
    static <T> T of(String property, T unset, T[] values) {
        String given = System.getProperty(property);
        if (given == null) {
            return unset;
        }
        return Arrays.stream(values)
                .filter(value -> value.toString().equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "-D%s=%s: use one of %s".formatted(property, given, Arrays.toString(values))));
    }
}
