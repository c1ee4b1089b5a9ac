package dev.cooperativetls.applypatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our result beside that of {@code git apply}, for diffs that git made. Skipped where there is no git. */
class GitApplyTest {

    /** Fixed, so that a failure comes again. */
    private final Random random = new Random(4);

    @TempDir
    private Path temp;

    private Path repository;
    private Path tree;
    private Path copy;

    @BeforeAll
    static void git_is_on_the_path() {
        assumeTrue(Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(Path.of(folder, "git"), Path.of(folder, "git.exe")))
                .anyMatch(Files::isExecutable), "git is not on the PATH");
    }

    @BeforeEach
    void a_repository() throws Exception {
        repository = Files.createDirectory(temp.resolve("repository"));
        tree = Files.createDirectories(repository.resolve("module/src"));
        copy = temp.resolve("copy");
        assertThat(git("init", "--quiet")).isZero();
    }

    @Test
    void the_result_is_gits_byte_for_byte() throws Exception {
        for (int round = 0; round < 15; round++) {
            makePatch();

            assertThat(applyPatch()).isZero();

            assertThat(git("apply", "../change.patch")).isZero();
            assertCopyIsTree();
            assertThat(copy.resolve("Gone.txt")).doesNotExist();
            assertThat(copy.resolve("New.txt")).exists();
        }
    }

    @Test
    void what_applies_to_a_file_that_has_moved_on_applies_for_git_with_the_same_result() throws Exception {
        int applied = 0;
        int refused = 0;
        for (int round = 0; round < 30; round++) {
            makePatch();
            var lines = new ArrayList<>(Files.readAllLines(tree.resolve("A.txt")));
            if (random.nextBoolean()) {
                lines.set(random.nextInt(lines.size()), "another line");
            } else {
                lines.add(lines.size() - random.nextInt(5), "one line more");
            }
            Files.writeString(tree.resolve("A.txt"), text(lines));

            if (applyPatch() == 0) {
                applied++;
                assertThat(git("apply", "../change.patch")).isZero();
                assertCopyIsTree();
            } else {
                refused++;
                assertThat(copy).satisfiesAnyOf(
                        folder -> assertThat(folder).doesNotExist(), folder -> assertThat(folder).isEmptyDirectory());
            }
        }
        assertThat(applied).isPositive();
        assertThat(refused).isPositive();
    }

    /** Writes a patch that changes one file of the tree, creates one and deletes one; leaves the tree as it was. */
    private void makePatch() throws Exception {
        var original = randomLines();
        Files.writeString(tree.resolve("A.txt"), text(original));
        Files.writeString(tree.resolve("Gone.txt"), text(original));
        Files.deleteIfExists(tree.resolve("New.txt"));
        assertThat(git("add", "--all")).isZero();

        Files.writeString(tree.resolve("A.txt"), text(changed(original)));
        Files.delete(tree.resolve("Gone.txt"));
        Files.writeString(tree.resolve("New.txt"), "new\n" + text(original));
        assertThat(git("add", "--intent-to-add", "module/src/New.txt")).isZero();
        assertThat(git("diff", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/", "--output=../change.patch"))
                .isZero();
        assertThat(git("apply", "-R", "../change.patch")).isZero();
    }

    /** Few different lines, so that context repeats and a hunk could fit in the wrong place. */
    private List<String> randomLines() {
        return random.ints(10 + random.nextInt(40), 0, 4).mapToObj(i -> "line " + i).toList();
    }

    private List<String> changed(List<String> original) {
        var lines = new ArrayList<>(original);
        lines.add(random.nextInt(lines.size()), "a line that was not there");
        for (int i = random.nextInt(4); i > 0; i--) {
            lines.remove(random.nextInt(lines.size()));
        }
        return lines;
    }

    private String text(List<String> lines) {
        return String.join("\n", lines) + (random.nextBoolean() ? "\n" : "");
    }

    private int applyPatch() {
        return ApplyPatch.run(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()),
                "--from", tree.toString(), "--to", copy.toString(), "--strip", "module/src",
                temp.resolve("change.patch").toString());
    }

    private void assertCopyIsTree() throws IOException {
        for (var name : List.of("A.txt", "New.txt")) {
            assertThat(copy.resolve(name)).hasSameBinaryContentAs(tree.resolve(name));
        }
    }

    private int git(String... args) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of("git", "-c", "core.autocrlf=false"), Stream.of(args)).toList();
        var git = new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
        git.environment().keySet().removeIf(name -> name.startsWith("GIT_")); // a hook's GIT_DIR is not our repository
        var process = git.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            System.err.println(String.join(" ", command) + ": " + output);
        }
        return exitCode;
    }
}
