package dev.cooperativetls.junit;

import dev.cooperativetls.testkit.ReadmePart;
import java.io.IOException;
import java.nio.file.Path;

/** Comparisons with the module's README. */
final class Readme {

    private Readme() {}

    /**
     * Asserts that the README shows this text, apart from numbers.
     *
     * @param name the comment before the text
     */
    static void assertShows(String name, String shown) throws IOException {
        new ReadmePart(Path.of("README.md"), name).assertShows(shown, Readme::shape);
    }

    /** Removes what depends on chance: short holds, the number of threads that waited, and numbers. */
    private static String shape(String text) {
        return text.replaceAll("(?m)^ +(\\d{1,2} ms .*|and \\d+ more|Waits in native code.*)\n", "")
                .replaceAll("no virtual thread|up to (one virtual thread|\\d+ virtual threads)", "# virtual threads")
                .replaceAll("(once|\\d+ times)", "# times").replaceAll("-?\\d+([-.]\\d+)*\\S*", "#")
                .replaceAll(" +", " ");
    }
}
