package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cooperativetls.frontdoor.PublishedTest;
import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.frontdoor.judge.StackTables.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the kept results of the stacks, from which docs/stacks.md is made, with the verdicts of {@code judge stack}
 * today, under two of the clients. With {@code -Dreadmes.update=true} it measures them again instead, under all
 * clients.
 */
@Tag("long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.SAME_THREAD) // each test needs all processors
class StacksIT {

    private static final String UPDATE = "readmes.update";

    /** The native library of WILDFLY is the system's, which may be missing. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WILDFLY")
    @DisabledIfSystemProperty(named = UPDATE, matches = "true")
    void the_kept_results_have_the_verdicts_of_today(JudgedStack stack, @TempDir Path folder) throws Exception {
        Path today = folder.resolve(stack.file());
        judge(stack.command() + " --client httpclient5 --client okhttp", today);

        Map<String, Row> kept = StackTables.read(PublishedTest.RESULTS.resolve(stack.file())).rows();
        StackTables.read(today).rows().forEach((column, row) -> {
            assertThat(row.verdict()).as("%s under %s: %s", stack, column, row).isEqualTo(kept.get(column).verdict());
            if (!row.socket().equals("-")) { // which a connection that fails early has
                assertThat(row.socket()).as("%s under %s", stack, column)
                        .isIn(kept.values().stream().map(Row::socket).toList());
            }
            assertThat(row.culprit()).as("%s under %s", stack, column).isEqualTo(kept.get(column).culprit());
        });
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = UPDATE, matches = "true")
    void measure(JudgedStack stack) throws Exception {
        assumeTrue(stack != JudgedStack.WILDFLY
                || Files.isDirectory(RunStagesScript.ROOT.resolve("target/to-be-judged/wildfly-openssl")),
                "docs/stacks.md says how to get the jar; until then its results stay as they are");
        judge(stack.command(), Path.of("target/results").resolve(stack.file()));
    }

    private static void judge(String command, Path file) throws Exception {
        Result result = RunStagesScript.bash(RunStagesScript.ROOT, command + " --json " + file);
        assertThat(RunStagesScript.ROOT.resolve(file)).as(result.err()).exists();
    }
}
