package dev.cooperativetls.frontdoor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the folder of the build's JDK into a file, so that the script runs the stages with the same JDK. */
final class JavaHome {

    private JavaHome() {}

    public static void main(String... args) throws IOException {
        Files.writeString(Path.of(args[0]), System.getProperty("java.home"));
    }
}
