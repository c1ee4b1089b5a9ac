package dev.cooperativetls.verdict;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The jar that Maven packages from a module, for a test of the same module that runs it. */
public final class PackagedJar {

    private PackagedJar() {}

    /**
     * Returns {@code target/MODULE.jar} of a test's module. The module is the first folder above the test's class file
     * that has a {@code pom.xml}, whether Maven or an IDE compiled the test.
     *
     * @param test a class of the module
     * @throws IllegalStateException if the jar or the {@code pom.xml} is missing; for a missing jar the message is one
     *     line that names the command to run
     */
    public static Path of(Class<?> test) {
        Path module = moduleOf(test);
        Path jar = module.resolve("target").resolve(module.getFileName() + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("%s is not built: run mvn -P verdict-tests -pl %s -am verify"
                    .formatted(jar.getFileName(), module.getFileName()));
        }
        return jar;
    }

    private static Path moduleOf(Class<?> test) {
        try {
            Path folder = Path.of(test.getProtectionDomain().getCodeSource().getLocation().toURI());
            while (folder != null && !Files.exists(folder.resolve("pom.xml"))) {
                folder = folder.getParent();
            }
            if (folder == null) {
                throw new IllegalStateException("no folder above %s has a pom.xml".formatted(test.getName()));
            }
            return folder;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
