package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the script run-stages in a small tree, with a Maven and a Java that only report how they were called. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ScriptTest {

    /** The lines that Maven prints when it begins to build a module. */
    private static final String MAVENS_LINES = """
            echo '[INFO] Scanning for projects...'
            echo '[INFO] ----------------------< dev.cooperativetls:fetch >----------------------'
            echo '[INFO] Building fetch 1.0.0                                     [1/2]'
            """;
    private static final String[] BEGINNING =
            {"Building, because something is missing or has changed …", "  [1/2] fetch"};
    private static final String BUILDS = """
            mkdir -p common/tools/front-door/target stage-00/target
            touch stage-00/target/stage-00.jar
            printf %s "$JDK" > common/tools/front-door/target/java-home
            """;
    /** Waits until the test writes into this pipe, but not for ever, because a failed test must end. */
    private static final String WAITS = "read -t 60 <> \"$GO\"\n";

    @TempDir
    private Path folder;
    private Path tree;

    @BeforeEach
    void make_the_tree() throws IOException {
        folder = folder.toRealPath();
        tree = Files.createDirectories(folder.resolve("tree"));
        for (String part : List.of("common", "patches", "stage-00")) {
            Files.createDirectory(tree.resolve(part));
        }
        Files.writeString(tree.resolve("pom.xml"), "");
        for (String script : List.of("run-stages", "judge")) {
            program(tree.resolve(script), Files.readString(RunStagesScript.ROOT.resolve(script)));
        }
        program(folder.resolve("jdk/bin/java"), "#!/bin/sh\necho \"$(locale charmap): java $*\"\n");
        mavenThat(BUILDS);
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        assertThat(Files.writeString(file, text).toFile().setExecutable(true)).isTrue();
    }

    private void mavenThat(String does) throws IOException {
        program(folder.resolve("bin/mvn"), """
                #!/usr/bin/env bash
                set -e
                all="$*"
                echo "$all" >> "$CALLS"
                pom=${all##*--file }
                cd "$(dirname "${pom%% *}")"
                """ + MAVENS_LINES + does);
    }

    private List<String> callsOfMaven() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private ProcessBuilder shell(Path where, String commands) {
        ProcessBuilder shell = new ProcessBuilder("bash", "-ec", commands).directory(where.toFile());
        shell.environment().merge("PATH", folder.resolve("bin").toString(),
                (path, bin) -> bin + File.pathSeparator + path);
        shell.environment().put("CALLS", folder.resolve("calls").toString());
        shell.environment().put("GO", folder.resolve("go").toString());
        shell.environment().put("JDK", folder.resolve("jdk").toString());
        return shell;
    }

    private Result bash(String commands) throws IOException, InterruptedException {
        return RunStagesScript.result(shell(folder, commands));
    }

    @Test
    void missing_modules_are_built_once_and_each_module_is_shown_when_it_begins() throws Exception {
        Result first = bash("tree/run-stages --help");
        Result second = bash("tree/run-stages --help");

        assertThat(first.err().lines()).containsExactly(BEGINNING);
        assertThat(second.err()).isEmpty();
        assertThat(first.out()).contains("-Dcooperativetls.root=" + tree, "frontdoor.stages.RunStages --help\n")
                .isEqualTo(second.out());
        assertThat(callsOfMaven()).singleElement().asString().contains("--file " + tree.resolve("pom.xml"), "package");
    }

    @Test
    void a_new_source_is_built() throws Exception {
        bash("tree/run-stages");
        bash("mkdir -p tree/common/fetch/src/main; touch tree/common/fetch/src/main/New.java; tree/run-stages");

        assertThat(callsOfMaven()).hasSize(2);
    }

    @Test
    void a_failed_build_is_shown_in_full_and_is_built_again() throws Exception {
        mavenThat(BUILDS + """
                echo '[INFO] BUILD FAILURE'
                printf '\\033[0m\\033[0m[ERROR] Fetch.java:[3,5] cannot find symbol\\n'
                echo '  symbol: class Pages' >&2
                exit 1
                """);
        Result failed = bash("tree/run-stages --help");
        mavenThat(BUILDS);

        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err().lines()).startsWith(BEGINNING).endsWith("[ERROR] Fetch.java:[3,5] cannot find symbol",
                "  symbol: class Pages", "run-stages: the build failed, see above").hasSize(5);
        // The build may have written all files that the script checks, but not all files of the programs.
        assertThat(bash("tree/run-stages --help").err().lines()).containsExactly(BEGINNING);
    }

    @Test
    void a_missing_jdk_is_one_line() throws Exception {
        mavenThat("echo '[ERROR] Cannot find matching toolchain definitions'; exit 1");

        Result failed = bash("tree/run-stages");

        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.err().lines()).hasSize(3).last().asString().contains("no JDK 25 was found");
    }

    /** Linux has flock. macOS has only Perl. */
    @ParameterizedTest
    @ValueSource(strings = {"flock", "perl"})
    void two_first_runs_build_once_and_the_second_reports_that_it_waits(String locking) throws Exception {
        onlyWith(locking);
        mavenThat(WAITS + BUILDS);
        Process first = shell(folder, "tree/run-stages first").start();
        try (BufferedReader err = first.errorReader()) {
            assertThat(err.readLine()).isEqualTo(BEGINNING[0]);
            assertThat(err.readLine()).isEqualTo(BEGINNING[1]);
            Process second = shell(folder, "tree/run-stages second").start();
            try (BufferedReader otherErr = second.errorReader()) {
                assertThat(otherErr.readLine()).isEqualTo("Waiting for another build of this tree …");
                Files.writeString(folder.resolve("go"), "\n");

                assertThat(first.inputReader().readAllAsString()).contains("frontdoor.stages.RunStages first");
                assertThat(second.inputReader().readAllAsString()).contains("frontdoor.stages.RunStages second");
                assertThat(otherErr.readLine()).isNull();
            }
        }
        assertThat(callsOfMaven()).hasSize(1);
    }

    /** In this order the killed build has already written the files that the script checks. */
    @ParameterizedTest
    @ValueSource(strings = {"flock", "perl"})
    void a_killed_build_blocks_no_other_and_is_built_again(String locking) throws Exception {
        onlyWith(locking);
        mavenThat(BUILDS + WAITS);
        Process killed = shell(folder, "exec tree/run-stages").start();
        try (BufferedReader err = killed.errorReader()) {
            assertThat(err.readLine()).isEqualTo(BEGINNING[0]);
            assertThat(err.readLine()).isEqualTo(BEGINNING[1]);
            for (ProcessHandle each : Stream.concat(Stream.of(killed.toHandle()), killed.descendants()).toList()) {
                each.destroyForcibly();
                each.onExit().join();
            }
        }
        mavenThat(BUILDS);

        assertThat(bash("tree/run-stages").err().lines()).containsExactly(BEGINNING);
        assertThat(bash("tree/run-stages").err()).isEmpty();
    }

    /** Creates a PATH with the commands that the script needs, and with one command that can lock a file. */
    private void onlyWith(String locking) throws Exception {
        Result made = bash("""
                mkfifo go
                for command in bash basename cat dirname env find locale mkdir readlink touch %s; do
                    path=$(command -v $command) || exit 9
                    printf '#!/bin/sh\\nexec %%s "$@"\\n' "$path" > bin/$command
                    chmod +x bin/$command
                done
                """.formatted(locking));
        assumeTrue(made.exitCode() != 9, "this system has no " + locking);
        assertThat(made.exitCode()).as(made.err()).isZero();
        program(folder.resolve("tree/run-stages"), Files.readString(tree.resolve("run-stages"))
                .replaceFirst("\n", "\nPATH=" + folder.resolve("bin") + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ln -s \"$PWD/tree/run-stages\" absolute; ./absolute --help",
        "mkdir a; ln -s ../tree/run-stages a/relative; a/relative --help; cd a; ./relative --help",
        "mkdir a b; ln -s ../tree/run-stages a/one; ln -s ../a/one b/two; ln -s b/two three; ./three --help",
        "mkdir -p a/deep; ln -s ../../tree/run-stages a/deep/link; ln -s a/deep deep; deep/link --help",
        "ln -s ../tree/run-stages bin/run-stages; cd /; run-stages --help",
        "mkdir -p elsewhere/tree; export CDPATH=$PWD/elsewhere; tree/run-stages --help",
        "ln -s tree folder; folder/run-stages --help",
    })
    void the_tree_is_found_from_any_place_and_by_any_link(String commands) throws Exception {
        Result result = bash(commands);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines()).isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("-Dcooperativetls.root=" + tree + " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tree/judge --help", "ln -s ../tree/judge bin/judge; cd /; judge --help"})
    void the_other_script_starts_the_judge_of_the_same_program(String commands) throws Exception {
        Result result = bash(commands);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("-Dcooperativetls.root=" + tree + " ").endsWith("frontdoor.judge.Judge --help\n");
    }

    /** Java uses the locale's encoding for paths, and on Linux the locale C has only ASCII letters. */
    @Test
    void in_an_ascii_locale_java_gets_a_utf_8_locale() throws Exception {
        assumeTrue(bash("LC_ALL=C.UTF-8 locale charmap; LC_ALL=en_US.UTF-8 locale charmap").out().contains("UTF-8"));

        Result result = bash("mv tree $'t\\303\\274r'; cd $'t\\303\\274r'; LC_ALL=C ./run-stages --help");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).startsWith("UTF-8: java ");
    }

    @Test
    void without_a_utf_8_locale_one_line_reports_it_if_a_path_needs_one() throws Exception {
        program(folder.resolve("bin/locale"), "#!/bin/sh\necho ANSI_X3.4-1968\n");

        Result fine = bash("LC_ALL=C tree/run-stages --help");
        Result refused = bash("mv tree $'t\\303\\274r'; LC_ALL=C $'t\\303\\274r'/run-stages --help");

        assertThat(fine.exitCode()).as(fine.err()).isZero();
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err().lines()).singleElement().asString().contains("set LC_ALL to a UTF-8 locale");
    }

    @Test
    void a_read_only_tree_runs_if_it_is_built() throws Exception {
        Result refused = bash("touch tree/target; tree/run-stages --help");
        Result fine = bash("rm tree/target; tree/run-stages --help; rm -r tree/target; touch tree/target;"
                + " tree/run-stages --version");

        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err().lines()).singleElement().asString().contains("cannot be written");
        assertThat(fine.out()).contains("--help", "--version");
    }
}
