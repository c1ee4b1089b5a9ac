package dev.cooperativetls.server;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The delay in a path.
 *
 * @param millis the delay, rounded up to whole milliseconds, which are WireMock's unit
 */
public record Delay(int millis) {

    public static final int LONGEST_SECONDS = 3600;
    public static final int MOST_DECIMALS = 9;

    private static final BigDecimal LEAST_SECONDS = BigDecimal.ONE.movePointLeft(MOST_DECIMALS);
    private static final Pattern PATH =
            Pattern.compile("/delay/([0-9]{1,4}(?:\\.[0-9]{1," + MOST_DECIMALS + "})?)");

    /** Returns whether the server answers {@code /delay/} followed by these seconds, without an exponent. */
    public static boolean isServed(BigDecimal seconds) {
        // The range is checked first, because a number such as 1e-999999999 has too many decimals for toPlainString.
        return seconds.compareTo(LEAST_SECONDS) >= 0 && seconds.compareTo(BigDecimal.valueOf(LONGEST_SECONDS)) <= 0
                && ofPath("/delay/" + seconds.stripTrailingZeros().toPlainString()).isPresent();
    }

    /** Returns the delay of a path such as {@code /delay/0.25}; empty for any other path, and if it is too long. */
    static Optional<Delay> ofPath(String path) {
        return Optional.of(PATH.matcher(path))
                .filter(matcher -> matcher.matches())
                .map(matcher -> new BigDecimal(matcher.group(1)))
                .filter(seconds -> seconds.compareTo(BigDecimal.valueOf(LONGEST_SECONDS)) <= 0)
                .map(seconds -> new Delay(seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).intValueExact()));
    }
}
