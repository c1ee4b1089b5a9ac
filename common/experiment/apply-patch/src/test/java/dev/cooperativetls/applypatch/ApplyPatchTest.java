package dev.cooperativetls.applypatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplyPatchTest {

    private static final String SOURCE = lines("one", "two", "three", "four", "five", "six", "seven", "eight");
    private static final String PATCHED = SOURCE.replace("four", "FOUR\nand a half");
    private static final String DIFF = """
            diff --git a/module/src/A.java b/module/src/A.java
            index 1111111..2222222 100644
            --- a/module/src/A.java
            +++ b/module/src/A.java
            @@ -1,7 +1,8 @@ class A
             one
             two
             three
            -four
            +FOUR
            +and a half
             five
             six
             seven
            """;

    @TempDir
    private Path temp;

    private Path from;
    private Path to;
    private Path patch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void a_tree_an_old_copy_and_a_patch() throws IOException {
        from = temp.resolve("module/src");
        to = temp.resolve("copy");
        patch = temp.resolve("change.patch");
        write(from.resolve("A.java"), SOURCE);
        write(from.resolve("sub/B.txt"), "b\n");
        write(to.resolve("A.java"), "of an earlier run\n");
        write(to.resolve("gone/Old.java"), "stale\n");
        write(patch, DIFF);
    }

    @Test
    void a_patch_is_applied_to_a_copy() throws IOException {
        assertThat(run()).as(err.toString()).isZero();

        assertThat(to.resolve("A.java")).hasContent(PATCHED);
        assertThat(to.resolve("sub/B.txt")).hasContent("b\n");
        assertThat(from.resolve("A.java")).hasContent(SOURCE);
        assertThat(out).hasToString("patched A.java (1 hunk)" + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void stale_files_and_folders_are_removed() throws IOException {
        write(to.resolve("sub/B.txt/a-folder-where-a-file-belongs"), "stale\n");

        assertThat(run()).as(err.toString()).isZero();

        assertThat(filesIn(to)).containsExactly("A.java", "sub/B.txt");
        assertThat(to.resolve("gone")).doesNotExist();
    }

    @Test
    void a_second_run_changes_nothing_and_touches_nothing() throws IOException {
        run();
        var longAgo = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(to.resolve("A.java"), longAgo);

        assertThat(run()).isZero();

        assertThat(to.resolve("A.java")).hasContent(PATCHED);
        assertThat(Files.getLastModifiedTime(to.resolve("A.java"))).isEqualTo(longAgo);
    }

    @Test
    void several_hunks_and_several_patches_are_applied_in_order() throws IOException {
        write(patch, header("A.java") + """
                @@ -1,2 +1,3 @@
                +zero
                 one
                 two
                @@ -7,2 +8,2 @@
                 seven
                -eight
                +EIGHT
                """);
        var second = temp.resolve("second.patch");
        write(second, header("A.java") + """
                @@ -1,3 +1,2 @@
                 zero
                -one
                 two
                """);

        assertThat(run(patch, second)).as(err.toString()).isZero();

        assertThat(to.resolve("A.java"))
                .hasContent(lines("zero", "two", "three", "four", "five", "six", "seven", "EIGHT"));
        assertThat(out.toString().lines()).containsExactly("patched A.java (2 hunks)", "patched A.java (1 hunk)");
    }

    @Test
    void a_hunk_that_does_not_apply_names_patch_file_hunk_and_what_was_found() throws IOException {
        write(from.resolve("A.java"), SOURCE.replace("six", "6"));

        assertFails(1, "change.patch: module/src/A.java: @@ -1,7 +1,8 @@ does not apply: "
                + "expected \"six\" in line 6, found \"6\"");
    }

    @Test
    void a_hunk_past_the_end_of_the_file_does_not_apply() throws IOException {
        write(from.resolve("A.java"), lines("one", "two", "three"));

        assertFails(1, "@@ -1,7 +1,8 @@ does not apply: expected \"four\" in line 4, found only 3 lines");
    }

    @Test
    void a_hunk_that_fits_elsewhere_only_is_not_applied_but_says_where() throws IOException {
        write(from.resolve("A.java"), "import new;\n" + SOURCE);

        assertFails(1, "expected \"one\" in line 1, found \"import new;\"; "
                + "its lines now begin at line 2: make the diff again");
    }

    @Test
    void one_bad_hunk_spoils_every_patch() throws IOException {
        var second = temp.resolve("second.patch");
        write(second, header("sub/B.txt") + """
                @@ -1 +1 @@
                -c
                +d
                """);

        assertFails(1, List.of(patch, second), "module/src/sub/B.txt: @@ -1 +1 @@ does not apply");
    }

    @Test
    void a_patch_that_is_applied_already_says_so() throws IOException {
        write(from.resolve("A.java"), PATCHED);

        assertFails(1, "change.patch: module/src/A.java: @@ -1,7 +1,8 @@ "
                + "already applied; take it back with git apply -R");
    }

    @Test
    void a_hunk_without_context_below_must_reach_the_end_of_the_file() throws IOException {
        write(patch, header("A.java") + """
                @@ -3,2 +3,3 @@
                 three
                 four
                +more
                """);

        assertFails(1, "@@ -3,2 +3,3 @@ does not apply: expected the end of the file in line 5, found \"five\"");
    }

    @Test
    void an_lf_patch_applies_to_a_crlf_source_and_keeps_its_line_ends() throws IOException {
        write(from.resolve("A.java"), crlf(SOURCE));

        assertThat(run()).as(err.toString()).isZero();

        assertThat(Files.readString(to.resolve("A.java"))).isEqualTo(crlf(PATCHED));
    }

    @Test
    void a_crlf_patch_applies_to_an_lf_source_and_keeps_its_line_ends() throws IOException {
        write(patch, crlf(DIFF));

        assertThat(run()).as(err.toString()).isZero();

        assertThat(Files.readString(to.resolve("A.java"))).isEqualTo(PATCHED);
    }

    @Test
    void mixed_line_ends_are_kept_where_nothing_changes() throws IOException {
        write(from.resolve("A.java"), SOURCE.replace("two\n", "two\r\n").replace("six\n", "six\r\n"));

        assertThat(run()).as(err.toString()).isZero();

        assertThat(Files.readString(to.resolve("A.java")))
                .isEqualTo(PATCHED.replace("two\n", "two\r\n").replace("six\n", "six\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"'a\nb', 'a\nc'", "'a\nb\n', 'a\nb'", "'a\nb', 'a\nb\n'", "'a\nb', 'a\nb\nc'", "'a\nb', 'b'",
            "'a\r\nb', 'a\r\nb\r\n'"})
    void a_missing_newline_at_the_end_is_kept_added_or_removed(String before, String after) throws IOException {
        write(from.resolve("A.java"), before);
        write(patch, header("A.java") + wholeFileHunk(before, after));

        assertThat(run()).as(err.toString()).isZero();

        assertThat(Files.readString(to.resolve("A.java"))).isEqualTo(after);
    }

    @Test
    void a_newline_too_many_does_not_apply() throws IOException {
        write(patch, header("A.java") + wholeFileHunk(SOURCE.strip(), "x\n"));

        assertFails(1, "expected \"eight\" without a newline in line 8, found \"eight\"");
    }

    @Test
    void an_empty_line_of_context_may_have_lost_its_space() throws IOException {
        write(from.resolve("A.java"), "a\n\nb\n");
        write(patch, header("A.java") + "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n");

        assertThat(run()).as(err.toString()).isZero();

        assertThat(to.resolve("A.java")).hasContent("a\n\nc\n");
    }

    @Test
    void removed_and_added_lines_that_look_like_headers_are_lines() throws IOException {
        write(from.resolve("A.java"), "-- a/x\n@@ -1 +1 @@\nend\n");
        write(patch, header("A.java") + "@@ -1,3 +1,3 @@\n--- a/x\n+++ b/x\n @@ -1 +1 @@\n end\n-- \n2.39.5\n\n");

        assertThat(run()).as(err.toString()).isZero();

        assertThat(to.resolve("A.java")).hasContent("++ b/x\n@@ -1 +1 @@\nend\n");
    }

    @Test
    void letters_beyond_ascii_are_kept() throws IOException {
        write(from.resolve("A.java"), SOURCE.replace("one", "één 🙂"));
        write(patch, DIFF.replace(" one", " één 🙂").replace("FOUR", "vier ✓"));

        assertThat(run()).as(err.toString()).isZero();

        assertThat(Files.readString(to.resolve("A.java")))
                .isEqualTo(PATCHED.replace("one", "één 🙂").replace("FOUR", "vier ✓"));
    }

    @Test
    void a_file_is_created_and_another_deleted() throws IOException {
        write(patch, """
                --- /dev/null
                +++ b/module/src/sub/New.java
                @@ -0,0 +1,2 @@
                +new
                +file
                --- a/module/src/sub/B.txt
                +++ /dev/null
                @@ -1 +0,0 @@
                -b
                """);

        assertThat(run()).as(err.toString()).isZero();

        assertThat(filesIn(to)).containsExactly("A.java", "sub/New.java");
        assertThat(to.resolve("sub/New.java")).hasContent("new\nfile\n");
        assertThat(out.toString().lines()).containsExactly("created New.java (1 hunk)", "deleted B.txt (1 hunk)");
    }

    @ParameterizedTest
    @CsvSource({"'', there already", "'new\n', already applied; take it back", "'other\n', does not apply"})
    void a_file_that_is_there_already_is_not_created(String content, String expected) throws IOException {
        write(from.resolve("New.java"), content);
        write(patch, "--- /dev/null\n+++ b/module/src/New.java\n@@ -0,0 +1 @@\n+new\n");

        assertFails(1, "module/src/New.java: ", expected);
    }

    @Test
    void a_file_is_not_deleted_with_lines_that_the_patch_does_not_name() throws IOException {
        write(patch, "--- a/module/src/A.java\n+++ /dev/null\n@@ -1,2 +1 @@\n-one\n two\n");

        assertFails(1, "not all of its lines");
    }

    @Test
    void a_file_that_is_not_there_is_named() throws IOException {
        Files.delete(from.resolve("A.java"));

        assertFails(1, "change.patch: module/src/A.java: no such file in ");
    }

    @Test
    void a_source_that_is_not_utf_8_is_named() throws IOException {
        Files.write(from.resolve("A.java"), new byte[] {'o', 'n', 'e', (byte) 0xE9, '\n'});

        assertFails(1, "module/src/A.java: not UTF-8 text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"module/src/../A.java", "module/src/sub/../A.java", "../module/src/A.java", "/etc/A.java"})
    void a_path_that_leaves_the_tree_is_refused(String name) throws IOException {
        write(patch, DIFF.replace("module/src/A.java", name));

        assertFails(2, "the name leaves the source tree");
    }

    @Test
    void a_path_outside_the_prefix_is_refused() throws IOException {
        write(patch, DIFF.replace("module/src/", "module/srcs/"));

        assertFails(2, "module/srcs/A.java: not below --strip module/src");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "hello\n", "diff --git\n", "{\"a\": 1}"})
    void what_is_not_a_diff_is_refused(String content) throws IOException {
        write(patch, content);

        assertFails(2, "change.patch: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'@@ -1,3 +1,4 @@\n one\n+x\n two\n'                     | line 6: @@ -1,3 +1,4 @@ is cut short",
        "'@@ -1,3 +1,4 @@\n one\n+x\n two\n@@ -7 +8 @@\n-a\n+b\n'| line 7: @@ -1,3 +1,4 @@ is cut short",
        "'@@ -1,2 +1,3 @@\n one\n+x\n two\n+y\n'                 | line 7: a line more than @@ -1,2 +1,3 @@ counts",
        "'@@ -1,2 +1 @@\n one\n two\n'                           | line 5: a line more than @@ -1,2 +1 @@ counts",
        "'@@ -1,2 +1,2 @@\n one\n two\n'                         | changes nothing",
        "'@@ -0,0 +0,0 @@\n'                                     | changes nothing",
        "'@@ -0 +1 @@\n-one\n+x\n'                               | lines are counted from 1",
        "'@@ -3 +3 @@\n-three\n+x\n@@ -3 +3 @@\n-three\n+y\n'    | @@ -3 +3 @@ starts before line 4",
        "'@@ -1,2 +1,2 @@\n-one\n+x\n\\ No newline\n two\n'      | a line without a newline in its middle",
        "'@@ -99999999999 +1 @@\n-one\n+x\n'                     | a file without a hunk",
        "'@@@ -1 -1 +1 @@@\n--one\n++x\n'                        | a file without a hunk",
    })
    void a_damaged_diff_is_refused(String hunks, String expected) throws IOException {
        write(patch, header("A.java") + hunks);

        assertFails(2, "change.patch: ", expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rename from module/src/A.java\nrename to module/src/B.java",
        "old mode 100644\nnew mode 100755",
        "index 1..2 100644\nBinary files a/module/src/A.java and b/module/src/A.java differ", "new file mode 120000"})
    void what_is_not_a_change_of_text_is_refused(String extendedHeader) throws IOException {
        write(patch, DIFF + "diff --git a/module/src/A.java b/module/src/B.java\n" + extendedHeader + "\n");

        assertFails(2, "not supported: ");
    }

    @Test
    void a_renaming_without_its_header_is_refused() throws IOException {
        write(patch, DIFF.replace("+++ b/module/src/A.java", "+++ b/module/src/B.java"));

        assertFails(2, "line 4", "not supported: module/src/A.java becomes module/src/B.java");
    }

    @Test
    void a_missing_patch_file_is_named() throws IOException {
        Files.delete(patch);

        assertFails(2, "change.patch: no such patch file");
    }

    @Test
    void a_patch_in_utf_16_is_refused() throws IOException {
        Files.write(patch, DIFF.getBytes(StandardCharsets.UTF_16));

        assertFails(2, "change.patch: not UTF-8 text");
    }

    @ParameterizedTest
    @CsvSource({"module/src, module/src", "module/src, module/src/copy", "module/src, module", "module/src, ''",
        "nowhere, copy", "module/src, change.patch", "module, copy/.."})
    void folders_that_make_no_sense_are_refused_and_left_alone(String source, String copy) throws IOException {
        var before = filesIn(temp);

        assertThat(runWith("--from", temp.resolve(source).toString(), "--to", temp.resolve(copy).toString(),
                "--strip", "module/src", patch.toString())).isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(1);
        assertThat(filesIn(temp)).isEqualTo(before);
    }

    @Test
    void a_copy_that_would_remove_the_patch_is_refused() throws IOException {
        var inCopy = to.resolve("change.patch");
        write(inCopy, DIFF);

        assertThat(run(inCopy)).isEqualTo(2);

        assertThat(err.toString()).contains("choose a folder that does not hold the patch");
        assertThat(inCopy).exists();
    }

    @Test
    void missing_arguments_give_one_line_and_exit_code_2() {
        assertThat(runWith("--from", from.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString()
                .contains("--to", "--strip", "PATCH", "see apply-patch --help");
    }

    @Test
    void an_empty_prefix_and_a_trailing_slash_are_understood() throws IOException {
        assertThat(runWith("--from", from.toString(), "--to", to.toString(), "--strip", "./module/src/",
                patch.toString()))
                .as(err.toString()).isZero();

        write(patch, DIFF.replace("module/src/", ""));
        assertThat(runWith("--from", from.toString(), "--to", to.toString(), "--strip", "", patch.toString()))
                .as(err.toString()).isZero();
        assertThat(to.resolve("A.java")).hasContent(PATCHED);
    }

    private void assertFails(int exitCode, String... message) throws IOException {
        assertFails(exitCode, List.of(patch), message);
    }

    /** One line on stderr, nothing on stdout, and nothing in the copy's folder, not even from an earlier run. */
    private void assertFails(int exitCode, List<Path> patches, String... message) throws IOException {
        assertThat(run(patches.toArray(Path[]::new))).as(err.toString()).isEqualTo(exitCode);
        assertThat(err.toString().lines()).singleElement().asString().contains(message);
        assertThat(out.toString()).isEmpty();
        assertThat(to).isEmptyDirectory();
    }

    private int run(Path... patches) {
        var args = Stream.of("--from", from, "--to", to, "--strip", "module/src");
        var files = patches.length == 0 ? Stream.of(patch) : Stream.of(patches);
        return runWith(Stream.concat(args, files).map(Object::toString).toArray(String[]::new));
    }

    private int runWith(String... args) {
        return ApplyPatch.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private static String header(String name) {
        return "--- a/module/src/%s\n+++ b/module/src/%s\n".formatted(name, name);
    }

    private static String wholeFileHunk(String before, String after) {
        return "@@ -1,%d +1,%d @@\n".formatted(before.lines().count(), after.lines().count())
                + side("-", before) + side("+", after);
    }

    private static String side(String sign, String content) {
        var side = sign + content.replace("\r", "").stripTrailing().replace("\n", "\n" + sign) + "\n";
        return content.endsWith("\n") ? side : side + "\\ No newline at end of file\n";
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String lines(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }
}
