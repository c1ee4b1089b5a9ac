package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Changes a copy of the tree, like a contributor. */
@Tag("long")
@Isolated
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TreeIT {

    @TempDir
    private static Path folder;
    private static Path tree;

    @BeforeAll
    static void copy_the_tree() throws Exception {
        tree = Files.createDirectory(folder.resolve("tree"));
        assertThat(RunStagesScript.bash(RunStagesScript.ROOT,
                "tar --exclude=./.git --create . | tar --extract --directory '%s'".formatted(tree)).exitCode())
                .isZero();
    }

    /** Follows the steps in CONTRIBUTING. */
    @Test
    void a_sixth_stage_is_a_folder_and_a_line() throws Exception {
        Path stage = Files.createDirectory(tree.resolve("stage-05"));
        Files.writeString(stage.resolve("pom.xml"),
                Files.readString(tree.resolve("stage-01/pom.xml")).replace("stage-01", "stage-05"));
        Files.writeString(stage.resolve("stage.properties"), """
                installed = a sixth stage
                read = SLOW
                why = It has the jars of stage-01.
                """);
        replace(tree.resolve("pom.xml"), "    <module>stage-04</module>\n",
                "    <module>stage-04</module>\n    <module>stage-05</module>\n");

        Result result = RunStagesScript.bash(tree, "./run-stages --stage 5 --count 4 --delay 0.5");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("stage-05 +a sixth stage +read +[\\d.]+ s +1 +SLOW +Poll\\.poll");
    }

    /** Runs the command from the README of each stage. */
    @Test
    void one_command_runs_the_verdict_test_of_one_stage_and_no_other_test() throws Exception {
        String command = "mvn -P verdict-tests -pl stage-02 -am verify";
        assertThat(tree.resolve("stage-02/README.md")).content().contains("\n" + command + "\n");

        Result result = RunStagesScript.bash(tree, command + " --batch-mode");

        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out().lines().filter(line -> line.contains("Running dev.cooperativetls.")))
                .singleElement().asString().endsWith(".stage02.Stage02VerdictTest");
    }

    /**
     * Java uses the locale's encoding for paths, and the programs that are started get such paths too. Only the shell
     * names the paths here, because this JVM may also have an ASCII locale.
     */
    @Test
    void in_the_locale_c_a_tree_and_files_with_umlauts_in_their_names_are_found() throws Exception {
        Result result = RunStagesScript.bash(folder, """
                umlauts=$'t\\303\\274r'
                mv tree $umlauts
                trap "cd '$PWD'; mv $umlauts tree" EXIT
                cd $umlauts
                export LC_ALL=C
                ./run-stages --stage 4 --patch off --read-call read-into --client okhttp --http1 \\
                    --count 3 --delay 0.3 --trace=$umlauts.txt --jfr $umlauts.jfr \\
                    --json $umlauts.json --report $umlauts
                test -s $umlauts.txt -a -s $umlauts.jfr -a -s $umlauts.json -a -s $umlauts/index.html
                """);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("SLOW");
    }

    @Test
    void an_arrow_in_the_wrong_direction_fails_the_build_and_names_both_modules() throws Exception {
        Path pom = tree.resolve("common/experiment/fetch/pom.xml");
        String before = replace(pom, "  <dependencies>\n", """
                  <dependencies>
                    <dependency>
                      <groupId>dev.cooperativetls</groupId>
                      <artifactId>recorder</artifactId>
                    </dependency>
                """);
        try {
            Result result = RunStagesScript.bash(tree, "mvn --batch-mode validate");

            assertThat(result.exitCode()).isNotZero();
            assertThat(result.out()).contains("fetch is part of the experiment", "dev.cooperativetls:recorder:jar",
                    "banned");
        } finally {
            Files.writeString(pom, before);
        }
    }

    private static String replace(Path file, String old, String replacement) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(old);
        Files.writeString(file, before.replace(old, replacement));
        return before;
    }
}
