package dev.cooperativetls.verdict;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The programs of these tests, as something to observe. */
final class Programs {

    private Programs() {}

    static Observer observer(Class<?> program) {
        return Observer.ofClassPath(classes(program).toString(), program.getName())
                .jvmOptions("--enable-native-access=ALL-UNNAMED")
                .jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"); // they start fast
    }

    /** The folder or jar of a class. */
    static Path classes(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
