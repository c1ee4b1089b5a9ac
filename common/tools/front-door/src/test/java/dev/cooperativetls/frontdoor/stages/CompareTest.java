package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResults;
import dev.cooperativetls.verdict.Details;
import dev.cooperativetls.verdict.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares saved results and runs nothing. */
class CompareTest {

    @TempDir
    private Path folder;

    @Test
    void a_changed_verdict_gives_exit_code_1_a_line_and_a_part_of_the_page() throws IOException {
        Path before = saved("before.json", seen(10, 1.2));
        Path now = saved("now.json", seen(1, 10.4));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exitCode = run(out, "--render", now.toString(), "--compare", before.toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(3)).containsExactly("",
                "Compared with %s: of 1 run, 1 changed, 1 in the verdict".formatted(before),
                "stage     read call  verdict       peak     culprit  time",
                "stage-02  read       FAST -> SLOW  10 -> 1  -        1.20 s -> 10.40 s (x 8.67)");
        assertThat(folder.resolve("index.html")).content().contains("What has changed", "FAST -&gt; SLOW");
    }

    @Test
    void the_same_verdict_gives_exit_code_0() throws IOException {
        Path before = saved("before.json", seen(10, 1.2));
        Path now = saved("now.json", seen(9, 1.3));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exitCode = run(out, "--render", now.toString(), "--compare", before.toString());

        assertThat(exitCode).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("1 changed, none in the verdict", "10 -> 9");
    }

    @Test
    void results_that_have_no_run_in_common_give_exit_code_3() throws IOException {
        Path before = saved("before.json", seen(10, 1.2));
        Files.writeString(before, Files.readString(before).replace("\"stage-02\"", "\"stage-07\""));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int exitCode = run(out, "--render", saved("now.json", seen(10, 1.2)).toString(), "--compare",
                before.toString());

        assertThat(exitCode).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("no run is in both", "only in these results");
    }

    @Test
    void earlier_results_of_an_unknown_format_are_refused() throws IOException {
        Path now = saved("now.json", seen(10, 1.2));
        Path before = folder.resolve("before.json");
        Files.writeString(before, Files.readString(now).replace("\"schema\" : 1", "\"schema\" : 2"));

        assertThat(run(new ByteArrayOutputStream(), "--render", now.toString(), "--compare", before.toString()))
                .isEqualTo(2);
    }

    private Path saved(String name, Observation seen) throws IOException {
        Stage stage = Stages.ALL.get(2);
        Outcome outcome = new Outcome(new Cell(stage, stage, "read", true, true), null, seen);
        Path file = folder.resolve(name);
        ResultsFile.write(file, new RunResults(
                ResultsHead.now("run-stages", List.of(), ResultsHead.ONE_REQUEST, List.of("./run-stages")),
                List.of(outcome.result("httpclient5"))));
        return file;
    }

    private static Observation seen(int peak, double elapsedSeconds) {
        List<Page> pages = IntStream.range(0, 10)
                .mapToObj(page -> new Page(page, 200, 0, null, null, 0.0, 0.0, 0.1, 0.1, 0.1, 1.1, 1.1)).toList();
        return new Observation(10, pages, elapsedSeconds, false, OptionalDouble.of(1), OptionalInt.of(peak),
                OptionalDouble.of(peak), 1, "a.Socket", "a provider", "25", List.of(),
                new Details(List.of(), Instant.EPOCH, null, null, null, null));
    }

    private static int run(ByteArrayOutputStream out, String... arguments) {
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return RunStages.run(arguments);
        } finally {
            System.setOut(before);
        }
    }
}
