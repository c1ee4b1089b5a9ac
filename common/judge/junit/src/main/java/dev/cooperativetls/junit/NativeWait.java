package dev.cooperativetls.junit;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;

/**
 * A real wait in native code, for the output of a process that prints nothing. It needs neither JNI nor native access,
 * for which the JVM would print a warning.
 */
final class NativeWait {

    /** The name of the frame that blocks. */
    static final String FRAME = NativeWait.class.getName() + ".read";

    private NativeWait() {}

    /**
     * Lets a virtual thread wait in native code for this time.
     *
     * @throws IOException if there is no program {@code sleep} on the PATH
     * @throws InterruptedException if the calling thread is interrupted
     */
    static void of(Duration time) throws IOException, InterruptedException {
        String seconds = String.format(Locale.ROOT, "%.3f", time.toMillis() / 1e3);
        Process process = new ProcessBuilder("sleep", seconds).start();
        try {
            Thread.startVirtualThread(() -> read(process.getInputStream())).join();
        } finally {
            process.destroy();
        }
    }

    private static void read(InputStream output) {
        try {
            output.read();
        } catch (IOException _) {
            // The process was destroyed, because the caller was interrupted.
        }
    }
}
