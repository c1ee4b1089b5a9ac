package dev.cooperativetls.verdict;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Observers of the programs of these tests. */
final class Programs {

    private Programs() {}

    /** Returns an observer of this program, with more folders on its class path. */
    static Observer observer(Class<?> program, Path... folders) {
        String classPath = Stream.concat(Stream.of(classes(program)), Stream.of(folders)).map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return Observer.ofClassPath(classPath, program.getName())
                .jvmOptions("--enable-native-access=ALL-UNNAMED")
                .jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"); // for a short start
    }

    /** Returns the folder or jar of a class. */
    static Path classes(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
