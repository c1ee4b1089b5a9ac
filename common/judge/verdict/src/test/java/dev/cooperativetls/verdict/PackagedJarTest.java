package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackagedJarTest {

    @TempDir
    private Path folder;
    private Path module;

    @BeforeEach
    void make_a_module() throws Exception {
        module = Files.createDirectories(folder.resolve("stage-07"));
        Files.createFile(module.resolve("pom.xml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"target/test-classes", "out/test/classes", "bin"})
    void the_jar_is_found_from_the_classes_of_maven_and_of_an_ide(String classes) throws Exception {
        Path jar = Files.createFile(Files.createDirectories(module.resolve("target")).resolve("stage-07.jar"));

        assertThat(PackagedJar.of(testIn(classes))).isEqualTo(jar);
    }

    @Test
    void without_the_jar_one_line_names_the_command_to_run() throws Exception {
        Class<?> test = testIn("target/test-classes");

        assertThatIllegalStateException().isThrownBy(() -> PackagedJar.of(test))
                .withMessage("stage-07.jar is not built: run mvn -P verdict-tests -pl stage-07 -am verify");
    }

    /** Returns a class of the module from this folder of classes. */
    private Class<?> testIn(String classes) throws Exception {
        String file = Verdict.class.getName().replace('.', '/') + ".class";
        Path target = module.resolve(classes).resolve(file);
        Files.createDirectories(target.getParent());
        try (var in = Verdict.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(in, target);
        }
        try (var loader = new URLClassLoader(new URL[] {module.resolve(classes).toUri().toURL()}, null)) {
            return loader.loadClass(Verdict.class.getName());
        }
    }
}
