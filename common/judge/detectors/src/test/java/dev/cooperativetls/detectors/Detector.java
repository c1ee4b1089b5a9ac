package dev.cooperativetls.detectors;

import java.io.IOException;
import java.util.List;

/** A tool that shows whether virtual threads block their carriers. It runs in the JVM that it watches. */
interface Detector {

    /** The cell of the table if the detector reports nothing. */
    String NO_REPORT = "-";

    /** Returns the detector's name in the table, with its version unless it belongs to the JDK. */
    String title();

    /** Returns the JVM options that the detector needs. */
    default List<String> jvmOptions() {
        return List.of();
    }

    /**
     * Runs the program, and watches it as the detector's documentation describes.
     *
     * @return the report, in a few words that do not depend on the machine; {@link #NO_REPORT} if there is none
     */
    String watch(WatchedProgram program) throws IOException, InterruptedException;

    /** Returns the version in the name of a class's jar. */
    static String version(Class<?> ofJar) {
        String jar = ofJar.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceFirst(".*-(\\d[^/]*?)(\\.RELEASE)?\\.jar$", "$1");
    }
}
