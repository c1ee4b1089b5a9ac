package dev.cooperativetls.detectors;

import java.io.IOException;
import java.util.List;

/** What people use to see whether virtual threads block their carriers. It runs in the JVM that it watches. */
interface Detector {

    /** A cell of the table, if there is no report. */
    String NO_REPORT = "-";

    /** Returns its name in the table, with its version unless it is the JDK's. */
    String title();

    /** Returns the options of the JVM that it needs. */
    default List<String> jvmOptions() {
        return List.of();
    }

    /**
     * Runs the program, and watches it as the detector's users do.
     *
     * @return what it reports, in a few words that do not depend on the machine; {@link #NO_REPORT} for nothing
     */
    String watch(WatchedProgram program) throws IOException, InterruptedException;

    /** Returns the version of a class's jar, which is in the jar's name. */
    static String version(Class<?> ofJar) {
        String jar = ofJar.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceFirst(".*-(\\d[^/]*?)(\\.RELEASE)?\\.jar$", "$1");
    }
}
