package dev.cooperativetls.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The program that wrote a results file.
 *
 * @param name the command, such as {@code run-stages}
 * @param version the version of this repository
 * @param commit the commit from which the program was built, with the suffix {@code -changed} if files differed from
 *     it; null if the program was not built in a git repository
 */
public record Build(String name, String version, String commit) {

    /** Returns this build, with the given name of the command. */
    public static Build of(String name) {
        var properties = new Properties();
        try (InputStream file = Build.class.getResourceAsStream("build.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = properties.getProperty("commit");
        return new Build(name, properties.getProperty("version"), commit.isEmpty() ? null
                : commit + (properties.getProperty("changed").equals("true") ? "-changed" : ""));
    }

    @Override
    public String toString() {
        return "%s %s%s".formatted(name, version, commit == null ? "" : ", commit " + commit);
    }
}
