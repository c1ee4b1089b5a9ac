package dev.cooperativetls.altprovider;

import java.util.Arrays;

/** A system property with a few allowed values. */
final class Setting {

    private Setting() {}

    /** @throws IllegalArgumentException if the property holds none of the values */
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
