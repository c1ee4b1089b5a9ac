package dev.cooperativetls.frontdoor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes down where the JDK of the build lies, so that the script runs the stages on that one. */
final class JavaHome {

    private JavaHome() {}

    public static void main(String... args) throws IOException {
        Files.writeString(Path.of(args[0]), System.getProperty("java.home"));
    }
}
