package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResult;
import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the stages with each HTTP client, and compares the verdicts with the table in the README of http-clients. */
@Tag("long")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClientsIT {

    private static final String POLL = "dev.cooperativetls.altprovider.Poll.poll";

    /** The options of each row of the table. */
    private static final Map<String, String> OPTIONS = Map.of(
            "`HttpURLConnection`", "--client http-url-connection",
            "Apache HttpClient 5", "--client httpclient5",
            "OkHttp 5, HTTP/1.1", "--client okhttp --http1",
            "OkHttp 5, HTTP/2", "--client okhttp",
            "`java.net.http`, HTTP/1.1", "--client java.net.http --http1",
            "`java.net.http`, HTTP/2", "--client java.net.http");

    /** A stage per column: the JDK's TLS, the provider, the provider with the wrapper, and with the patched one. */
    private static final List<String> STAGES = List.of("stage-00", "stage-01", "stage-03", "stage-04");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_client_has_the_verdicts_of_the_readme(String client, List<Verdict> expected, @TempDir Path folder)
            throws Exception {
        Path json = folder.resolve("results.json");

        Result result = RunStagesScript.run("--stage 0,1,3,4 --read-call read-into --count 5 --delay 0.5 --json "
                + json + " " + OPTIONS.get(client));

        assertThat(result.exitCode()).as(result.err()).isZero();
        List<RunResult> runs = ResultsFile.read(json).runs();
        assertThat(runs).extracting(RunResult::stage).isEqualTo(STAGES);
        assertThat(runs).as(result.out()).extracting(RunResult::verdict).isEqualTo(expected);
        for (RunResult run : runs) {
            if (run.verdict() == Verdict.SLOW) {
                assertThat(run.culprit().frame()).as(result.out()).isEqualTo(POLL);
                // A page may park between its request and its wait, and then another page can send its request.
                assertThat(run.observation().serverPeak().orElseThrow()).isLessThanOrEqualTo(2);
            } else { // a page's thread may poll in the handshake, but not while it waits for the answer
                assertThat(run.observation().carrierBlocks()).as(run.observation().describe())
                        .noneMatch(block -> block.frame().equals(POLL) && block.share() > 0.5);
            }
        }
    }

    static Stream<Arguments> a_client_has_the_verdicts_of_the_readme() throws IOException {
        return rows().stream().map(row -> Arguments.of(row.getFirst(),
                row.subList(1, row.size()).stream().map(Verdict::valueOf).toList()));
    }

    @Test
    void every_client_has_a_row() throws IOException {
        assertThat(rows()).extracting(List::getFirst).containsExactlyInAnyOrderElementsOf(OPTIONS.keySet());
    }

    private static List<List<String>> rows() throws IOException {
        Path readme = RunStagesScript.ROOT.resolve("common/experiment/http-clients/README.md");
        return Files.readAllLines(readme).stream()
                .dropWhile(line -> !line.startsWith("| client | JDK"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> List.of(line.replaceFirst("^\\| ", "").split(" *\\| *")))
                .toList();
    }
}
