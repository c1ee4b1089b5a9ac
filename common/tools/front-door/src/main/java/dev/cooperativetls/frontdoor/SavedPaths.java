package dev.cooperativetls.frontdoor;

import java.io.File;
import java.util.regex.Pattern;

/** Takes the folders of this machine out of a command line that is saved, since results may be published. */
final class SavedPaths {

    private static final Pattern JAVA = Pattern.compile(".*[/\\\\]bin[/\\\\]java(\\.exe)?");
    private static final Pattern TEMPORARY = Pattern.compile(
            Pattern.quote(System.getProperty("java.io.tmpdir").replaceFirst("[/\\\\]$", "")) + "[/\\\\][^/\\\\\"]+");

    private SavedPaths() {}

    /** Returns a word with {@code java} for a JDK's launcher, TMP for a temporary folder, and relative paths. */
    static String without(String word) {
        String relative = JAVA.matcher(word).matches() ? "java" : word;
        for (String folder : new String[] {RunStages.root().toString(), System.getProperty("user.dir")}) {
            relative = relative.replace(folder + File.separator, "");
        }
        return TEMPORARY.matcher(relative).replaceAll("TMP");
    }
}
