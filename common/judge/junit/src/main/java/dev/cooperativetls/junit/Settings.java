package dev.cooperativetls.junit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * The settings in {@code junit-platform.properties}.
 *
 * @param mode the mode; if empty, only tests with an annotation are judged
 */
record Settings(Optional<Mode> mode, Duration threshold, Methods allow, Methods within, Blind blind) {

    static final String PREFIX = "dev.cooperativetls.carriers.";

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}) ?(ms|s)");

    /** What to do with a verdict. */
    enum Mode { OFF, REPORT, FAIL }

    /** What to do without a verdict. */
    enum Blind { ABORT, FAIL }

    /**
     * Reads the settings.
     *
     * @param parameters returns the value of a setting
     * @throws ExtensionConfigurationException if a value is invalid; the message names the valid values
     */
    static Settings of(Function<String, Optional<String>> parameters) {
        Function<String, Optional<String>> values = name -> parameters.apply(PREFIX + name).map(String::strip);
        return new Settings(values.apply("mode").map(value -> word("mode", Mode.class, value)),
                values.apply("threshold").map(Settings::time).orElse(Duration.ofMillis(20)),
                methods("allow", values), methods("within", values),
                values.apply("blind").map(value -> word("blind", Blind.class, value)).orElse(Blind.ABORT));
    }

    /** Returns whether this mode was chosen. */
    boolean is(Mode chosen) {
        return mode.equals(Optional.of(chosen));
    }

    private static <E extends Enum<E>> E word(String name, Class<E> type, String value) {
        return Stream.of(type.getEnumConstants())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value)).findFirst()
                .orElseThrow(() -> new ExtensionConfigurationException("%s must be %s, not '%s'".formatted(
                        PREFIX + name,
                        Stream.of(type.getEnumConstants()).map(one -> one.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" or ")), value)));
    }

    private static Duration time(String value) {
        Matcher time = TIME.matcher(value);
        if (!time.matches() || Long.parseLong(time.group(1)) == 0) {
            throw new ExtensionConfigurationException(
                    "%sthreshold must be a time such as '50 ms' or '1 s', not '%s'".formatted(PREFIX, value));
        }
        return Duration.of(Long.parseLong(time.group(1)),
                ("s".equals(time.group(2)) ? TimeUnit.SECONDS : TimeUnit.MILLISECONDS).toChronoUnit());
    }

    private static Methods methods(String name, Function<String, Optional<String>> values) {
        return Methods.of(PREFIX + name, values.apply(name).filter(value -> !value.isEmpty())
                .map(value -> List.of(value.split(" *, *"))).orElse(List.of()));
    }
}
