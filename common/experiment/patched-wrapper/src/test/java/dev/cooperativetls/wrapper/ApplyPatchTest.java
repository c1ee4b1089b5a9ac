package dev.cooperativetls.wrapper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs ApplyPatch on small trees in another JVM, and compares the patched sources of the build with git's. */
class ApplyPatchTest {

    private static final Path REPOSITORY = Path.of("../../..").toAbsolutePath().normalize();
    private static final String WRAPPER = "common/experiment/cooperative-wrapper/src/main";
    private static final String PATCH = "patches/cooperative-wrapper-read-into.patch";
    private static final String BEFORE = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
    private static final String AFTER = "one\nTWO\nthree\nfour\nfive\nSIX\nsix and a half\nseven\n";
    private static final String DIFF = """
            --- a/src/A.java
            +++ b/src/A.java
            @@ -1,3 +1,3 @@
             one
            -two
            +TWO
             three
            @@ -5,3 +5,4 @@ class A
             five
            -six
            +SIX
            +six and a half
             seven
            """;

    @TempDir
    private static Path classes;
    @TempDir
    private Path root;
    private Path file;
    private Path copy;

    @BeforeAll
    static void compile() {
        assertThat(ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-d", classes.toString(),
                "-classpath", System.getProperty("java.class.path"), "src/patch/ApplyPatch.java")).isZero();
    }

    @BeforeEach
    void write_a_tree_and_a_patch() throws IOException {
        file = Files.createDirectories(root.resolve("src")).resolve("A.java");
        copy = root.resolve("copy");
        Files.writeString(file, BEFORE);
        Files.writeString(root.resolve("src/B.java"), "b");
        Files.writeString(root.resolve("a.patch"), DIFF);
    }

    @Test
    void a_patch_is_applied_to_a_copy() throws Exception {
        assertThat(applyPatch()).isEqualTo("exit code 0: ");
        assertThat(copy.resolve("A.java")).hasContent(AFTER);
        assertThat(copy.resolve("B.java")).hasContent("b");
        assertThat(file).hasContent(BEFORE);
    }

    @Test
    void a_second_run_writes_only_changed_files_and_removes_old_ones() throws Exception {
        applyPatch();
        var unchanged = Files.getLastModifiedTime(copy.resolve("A.java"));
        Files.writeString(copy.resolve("Old.java"), "old");
        Files.writeString(root.resolve("src/B.java"), "bb");
        assertThat(applyPatch()).isEqualTo("exit code 0: ");
        assertThat(Files.getLastModifiedTime(copy.resolve("A.java"))).isEqualTo(unchanged);
        assertThat(copy.resolve("B.java")).hasContent("bb");
        assertThat(copy.resolve("Old.java")).doesNotExist();
    }

    /** Each row is a change to the file or to the patch, and the expected line. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "file  | six       | 6         | src/A.java: @@ -5,3 +5,4 @@: does not apply",
        "file  | four      | 4%nfour   | src/A.java: @@ -5,3 +5,4 @@: does not apply",
        "file  | seven%n   | ''        | src/A.java: @@ -5,3 +5,4 @@: does not apply",
        "patch | src/A     | src/None  | src/None.java: @@ -5,3 +5,4 @@: no such file",
        "patch | ' seven%n' | ''       | src/A.java: @@ -5,3 +5,4 @@: not a whole hunk with context",
        "patch | @@ -1,3   | @@ -2,3   | src/A.java: @@ -2,3 +1,3 @@: does not apply",
        "patch | @@        | @         | no hunk",
    })
    void a_patch_that_does_not_apply_fails_in_one_line_with_file_and_hunk(
            String changed, String from, String to, String message) throws Exception {
        Path target = changed.equals("file") ? file : root.resolve("a.patch");
        Files.writeString(target, Files.readString(target).replace(from.formatted(), to.formatted()));
        assertThat(applyPatch()).isEqualTo("exit code 1: a.patch: " + message + "\n");
        assertThat(copy).isEmptyDirectory();
    }

    @Test
    void a_patch_that_is_already_applied_fails_with_this_reason() throws Exception {
        Files.writeString(file, AFTER);
        assertThat(applyPatch())
                .isEqualTo("exit code 1: a.patch: src/A.java: @@ -5,3 +5,4 @@: already applied\n");
    }

    @Test
    void the_patched_sources_of_this_module_equal_the_result_of_git_apply() throws Exception {
        Path wrapper = root.resolve(WRAPPER);
        copyTree(REPOSITORY.resolve(WRAPPER), wrapper);
        assertThat(run(root, "git", "apply", REPOSITORY.resolve(PATCH).toString())).isEqualTo("exit code 0: ");
        List<Path> files = filesIn(wrapper);
        Path built = Path.of("target/patched-sources");
        assertThat(filesIn(built)).isEqualTo(files).hasSizeGreaterThan(5);
        assertThat(files).allSatisfy(each ->
                assertThat(built.resolve(each)).hasSameBinaryContentAs(wrapper.resolve(each)));
        assertThat(run(REPOSITORY, "git", "apply", "--check", PATCH)).as("the wrapper is unpatched")
                .isEqualTo("exit code 0: ");
    }

    private String applyPatch() throws Exception {
        return run(root, Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-classpath", classes + File.pathSeparator + System.getProperty("java.class.path"), "ApplyPatch",
                root.toString(), "src", "a.patch", copy.toString());
    }

    private static String run(Path folder, String... command) throws Exception {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_")); // such as a hook's GIT_DIR
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "exit code " + process.waitFor() + ": " + output;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        for (Path each : filesIn(from)) {
            Files.createDirectories(to.resolve(each).getParent());
            Files.copy(from.resolve(each), to.resolve(each), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return new ArrayList<>(found.filter(Files::isRegularFile).map(folder::relativize).sorted().toList());
        }
    }
}
