package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of a README that a test creates, between the comments {@code <!-- NAME -->} and {@code <!-- end -->}.
 *
 * @param readme the file
 * @param name the name in the comment
 */
public record ReadmePart(Path readme, String name) {

    /** Whether tests write their output into the READMEs instead of comparing it: {@code -Dreadmes.update=true}. */
    public static final boolean UPDATE = Boolean.getBoolean("readmes.update");

    private static final Pattern WHERE = Pattern.compile("\\*Output of .*\\*");

    /**
     * Asserts that the README shows this text, or writes the text into the README.
     *
     * @param shape a function that reduces both texts to the part that must be equal
     * @throws IOException if the README cannot be read or written
     */
    public void assertShows(String made, UnaryOperator<String> shape) throws IOException {
        String text = Files.readString(readme);
        Matcher part = Pattern.compile("(?s)(?<=<!-- " + Pattern.quote(name) + " -->\n).*?(?=<!-- end -->)")
                .matcher(text);
        assertThat(part.find()).as("%s in %s", name, readme).isTrue();
        if (UPDATE) {
            Files.writeString(readme, text.substring(0, part.start()) + made + text.substring(part.end()));
        } else {
            assertThat(shape.apply(part.group())).as(name).isEqualTo(shape.apply(made));
        }
    }

    /** Returns the text with the day, the JDK and the cores of now in its lines {@code *Output of …*}. */
    public static String dated(String text) {
        return WHERE.matcher(text).replaceAll(Matcher.quoteReplacement(where(
                Instant.now(), Runtime.version().toString(), Runtime.getRuntime().availableProcessors())));
    }

    /** Returns the line below an output, which tells the day in UTC and the machine. */
    public static String where(Instant time, String jdk, int cores) {
        return "*Output of %s on JDK %s, %s cores.*".formatted(time.atZone(ZoneOffset.UTC).toLocalDate(), jdk, cores);
    }

    /** Returns a table in Markdown, each line with its line end. */
    public static String table(List<String> head, List<List<String>> rows) {
        return Stream.concat(Stream.of(line(head), "|" + "---|".repeat(head.size())),
                        rows.stream().map(ReadmePart::line))
                .map(line -> line + "\n").collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return "| %s |".formatted(String.join(" | ", cells));
    }
}
