package dev.cooperativetls.frontdoor;

import java.io.File;
import java.util.regex.Pattern;

/** Removes the folders of this machine from a saved command line, because results may be published. */
public final class SavedPaths {

    private static final Pattern JAVA = Pattern.compile(".*[/\\\\]bin[/\\\\]java(\\.exe)?");
    private static final Pattern TEMPORARY = Pattern.compile(
            Pattern.quote(System.getProperty("java.io.tmpdir").replaceFirst("[/\\\\]$", "")) + "[/\\\\][^/\\\\\"]+");

    private SavedPaths() {}

    /**
     * Returns a word of a command line with shorter paths: {@code java} for a JDK's launcher, TMP for a temporary
     * folder, and otherwise relative paths.
     */
    public static String without(String word) {
        String relative = JAVA.matcher(word).matches() ? "java" : word;
        for (String folder : new String[] {FrontDoor.root().toString(), System.getProperty("user.dir")}) {
            relative = relative.replace(folder + File.separator, "");
        }
        return TEMPORARY.matcher(relative).replaceAll("TMP");
    }
}
