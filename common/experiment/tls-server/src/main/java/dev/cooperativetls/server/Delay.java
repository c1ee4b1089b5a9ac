package dev.cooperativetls.server;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The delay that a path asks for.
 *
 * @param millis rounded up to whole milliseconds, WireMock's unit
 */
record Delay(int millis) {

    static final int LONGEST_SECONDS = 3600;

    private static final Pattern PATH = Pattern.compile("/delay/([0-9]{1,4}(?:\\.[0-9]{1,9})?)");

    /** The delay of a path such as {@code /delay/0.25}; empty for any other path, and for a longer one than allowed. */
    static Optional<Delay> ofPath(String path) {
        return Optional.of(PATH.matcher(path))
                .filter(matcher -> matcher.matches())
                .map(matcher -> new BigDecimal(matcher.group(1)))
                .filter(seconds -> seconds.compareTo(BigDecimal.valueOf(LONGEST_SECONDS)) <= 0)
                .map(seconds -> new Delay(seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).intValueExact()));
    }
}
