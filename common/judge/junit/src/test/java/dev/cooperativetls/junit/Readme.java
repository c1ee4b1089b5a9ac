package dev.cooperativetls.junit;

import dev.cooperativetls.testkit.ReadmePart;
import java.io.IOException;
import java.nio.file.Path;

/** The module's README, and what tests have to show in it. */
final class Readme {

    private Readme() {}

    /**
     * Asserts that the README shows this, numbers aside.
     *
     * @param name the comment before it
     */
    static void assertShows(String name, String shown) throws IOException {
        new ReadmePart(Path.of("README.md"), name).assertShows(shown, Readme::shape);
    }

    /** What else held a carrier for a short time is left to chance, and so is how many threads waited. */
    private static String shape(String text) {
        return text.replaceAll("(?m)^ +(\\d{1,2} ms .*|and \\d+ more|Of waits in native code.*)\n", "")
                .replaceAll("no virtual thread|up to (one virtual thread|\\d+ virtual threads)", "# virtual threads")
                .replaceAll("(once|\\d+ times)", "# times").replaceAll("-?\\d+([-.]\\d+)*\\S*", "#")
                .replaceAll(" +", " ");
    }
}
