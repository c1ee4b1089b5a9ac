package dev.cooperativetls.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The module's README, and what tests have to show in it. With {@code -Dreadmes.update=true} it is written there. */
final class Readme {

    private static final Path FILE = Path.of("README.md");

    private Readme() {}

    /**
     * Asserts that the README shows this, numbers aside.
     *
     * @param name the comment before it
     */
    static void assertShows(String name, String shown) throws IOException {
        String text = Files.readString(FILE);
        Matcher place = Pattern.compile("(?s)(?<=<!-- " + Pattern.quote(name) + " -->\n).*?(?=<!-- end -->)")
                .matcher(text);
        assertThat(place.find()).as(name).isTrue();
        if (Boolean.getBoolean("readmes.update")) {
            Files.writeString(FILE, text.substring(0, place.start()) + shown + text.substring(place.end()));
        } else {
            assertThat(shape(place.group())).as(name).isEqualTo(shape(shown));
        }
    }

    /** What else held a carrier for a short time is left to chance, and so is how many threads waited. */
    private static String shape(String text) {
        return text.replaceAll("(?m)^ +(\\d{1,2} ms .*|and \\d+ more|Of waits in native code.*)\n", "")
                .replaceAll("no virtual thread|up to (one virtual thread|\\d+ virtual threads)", "# virtual threads")
                .replaceAll("(once|\\d+ times)", "# times").replaceAll("-?\\d+([-.]\\d+)*\\S*", "#")
                .replaceAll(" +", " ");
    }
}
