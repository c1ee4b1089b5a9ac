package dev.cooperativetls.frontdoor.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import dev.cooperativetls.report.ResultsFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the script {@code run-stages} as a user does. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("long")
class RunStagesIT {

    @Test
    void the_json_has_the_same_results_as_the_table(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");

        Result result = RunStagesScript.run("--stage 0,3 --read-call read-into --count 4 --delay 0.5 --json " + file);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).matches("(?s)stage .*stage-00 .* FAST .*stage-03 .* SLOW .*Poll\\.poll.*");
        JsonNode all = new JsonMapper().readTree(Files.readString(file));
        assertThat(all.get("schema").asInt()).isEqualTo(1);
        assertThat(all.at("/program/name").asString()).isEqualTo("run-stages");
        assertThat(all.at("/environment/cores").asInt()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(all.get("jvmOptions")).hasSize(2);
        assertThat(all.get("warmUp").asString()).isEqualTo("one request");
        assertThat(all.get("command").get(0).asString()).isEqualTo("./run-stages");
        JsonNode runs = all.get("runs");
        assertThat(runs).hasSize(2);
        JsonNode slow = runs.get(1);
        assertThat(slow.propertyNames()).containsExactlyInAnyOrder("stage", "installed", "why", "readCall", "client",
                "patch", "expected", "verdict", "reason", "observation", "recorded", "culprit");
        assertThat(slow.get("stage").asString()).isEqualTo("stage-03");
        assertThat(slow.get("readCall").asString()).isEqualTo("readInto");
        assertThat(slow.get("expected").asString()).isEqualTo("SLOW");
        assertThat(slow.get("verdict").asString()).isEqualTo("SLOW");
        assertThat(slow.get("culprit").get("frame").asString()).isEqualTo("dev.cooperativetls.altprovider.Poll.poll");
        assertThat(slow.get("patch").isNull()).isTrue();
        JsonNode seen = slow.get("observation");
        assertThat(seen.get("pages")).hasSize(4);
        assertThat(seen.get("delaySeconds").asDouble()).isEqualTo(0.5);
        assertThat(seen.get("elapsedSeconds").asDouble()).isGreaterThan(2);
        assertThat(seen.get("serverPeak").asInt()).isEqualTo(1);
        assertThat(seen.get("carriers").asInt()).isEqualTo(1);
        assertThat(seen.get("socketClass").asString()).isEqualTo("dev.cooperativetls.altprovider.WrappedSocket");
        assertThat(seen.get("jdk").asString()).startsWith("25");
        assertThat(runs.get(0).get("culprit").isNull()).isTrue();
    }

    /** Saved results may be published. */
    @Test
    void the_json_names_no_folder_of_this_machine(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");

        Result result = RunStagesScript.bash(folder, "%s --stage 4 --patch off --read-call read-into --count 3"
                .formatted(RunStagesScript.ROOT.resolve("run-stages")) + " --delay 0.3 --json results.json");

        assertThat(result.exitCode()).as(result.err()).isZero();
        JsonNode program = new JsonMapper().readTree(Files.readString(file)).get("runs").get(0)
                .at("/observation/details/program");
        assertThat(program.get(0).asString()).isEqualTo("java");
        assertThat(program.toString()).contains("\"common/experiment/cooperative-wrapper/target/", "TMP/");
        assertThat(file).content().doesNotContain(RunStagesScript.ROOT.toString(), folder.toString(),
                System.getProperty("java.home"), System.getProperty("java.io.tmpdir") + "/");
    }

    @Test
    void neither_the_instruments_nor_concurrent_runs_change_a_verdict(@TempDir Path folder) throws Exception {
        Result result = RunStagesScript.run("--jobs 4 --count 4 --modules --ssl-context --socket-class"
                + " --profile --profile-stats-count 12 --trace=%s --report %s"
                .formatted(folder.resolve("trace.txt"), folder.resolve("report")));

        assertThat(result.exitCode()).as(result.err()).isZero();
        // The exit code is 0, so every cell has its expected verdict. The outputs are in the order of the cells.
        assertThat(result.out().lines().filter(line -> line.matches("stage-.* (FAST|SLOW) .*"))).hasSize(9);
        String[] runs = result.out()
                .substring(result.out().indexOf("stage-03 read\n"), result.out().indexOf("stage-04"))
                .split("stage-03 readInto\n", 2);
        assertThat(runs[0]).contains("\n  cooperative-wrapper 1.0", "SSLContext: AltTLS", "SunJSSE",
                "socket class: dev.cooperativetls.altprovider.WrappedSocket", "CooperativeConnection.read\n")
                .doesNotContain("Poll.poll");
        assertThat(runs[1]).containsPattern("\\d+ +\\d+.* ms .* dev.cooperativetls.altprovider.Poll.poll\n")
                .containsPattern("\\d\\d % +native +dev.cooperativetls.altprovider.Poll.poll")
                .doesNotContain("CooperativeConnection.read\n");
        String trace = Files.readString(folder.resolve("trace.txt"));
        String[] traces = trace.substring(trace.indexOf("stage-03 read\n"), trace.indexOf("stage-04"))
                .split("stage-03 readInto\n", 2);
        assertThat(traces[0]).contains("-> CooperativeConnection.read\n")
                .doesNotContain("readInto");
        assertThat(traces[1]).contains("-> ForwardingConnection.readInto\n", "-> Poll.poll");

        // Drawn again, with nothing run, it is the same page.
        Path page = folder.resolve("report/index.html");
        String drawn = Files.readString(page);
        Files.delete(page);
        Result again = RunStagesScript.run("--render " + folder.resolve("report/results.json"));
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).isEqualTo(result.out().substring(result.out().lastIndexOf("stage     installed")));
        assertThat(Files.readString(page)).isEqualTo(drawn);
    }

    @Test
    void without_a_flight_recorder_a_run_is_judged_and_one_line_reports_what_is_missing(@TempDir Path folder)
            throws Exception {
        Result result = RunStagesScript.bash(RunStagesScript.ROOT, "JDK_JAVA_OPTIONS=-XX:-FlightRecorder"
                + " ./run-stages --stage 1 --read-call read --count 3 --delay 1 --profile --trace --report "
                + folder);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("stage-01 .* SLOW +-\n");
        assertThat(folder.resolve("index.html")).content().contains("What blocked the carrier was not recorded");
        assertThat(result.err().lines().filter(line -> line.matches("(run-stages|fetch): .*"))).containsExactly(
                "run-stages: warning: no culprit, profile, trace or recording:"
                        + " the JVM's Flight Recorder is switched off (-XX:-FlightRecorder)");
    }

    /** Arabic, Persian, and Thai with Thai digits have other digits. */
    @ParameterizedTest
    @ValueSource(strings = {"-Duser.language=ar -Duser.country=EG", "-Duser.language=fa -Duser.country=IR",
        "-Duser.language=th -Duser.country=TH -Duser.extensions=u-nu-thai"})
    void in_any_locale_verdicts_are_the_same_and_all_digits_are_latin(String locale, @TempDir Path folder)
            throws Exception {
        Result run = RunStagesScript.bash(RunStagesScript.ROOT, ("JDK_JAVA_OPTIONS='%s' ./run-stages --stage 3"
                + " --count 4 --delay 0.5 --profile --trace --modules --ssl-context --json %s --report %s")
                .formatted(locale, folder.resolve("results.json"), folder.resolve("report")));
        Result refused = RunStagesScript.bash(RunStagesScript.ROOT,
                "JDK_JAVA_OPTIONS='%s' ./run-stages --count 4 --carriers 4".formatted(locale));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("stage-03 +the same jars +readInto +[\\d.]+ s +1 +SLOW +Poll.poll \\d+ %");
        assertThat(refused.err()).contains("--count 4 is not more than the 4 carriers");
        assertThat(List.of(run.out(), run.err(), refused.err(), Files.readString(folder.resolve("results.json")),
                Files.readString(folder.resolve("report/index.html"))))
                .allSatisfy(text -> assertThat(text).doesNotContainPattern("[\\p{Nd}&&[^0-9]]"));
    }

    @Test
    void the_warm_up_and_the_options_of_a_run_are_disclosed_and_the_verdict_needs_no_warm_up() throws Exception {
        Result with = RunStagesScript.run("--stage 2");
        Result without = RunStagesScript.run("--stage 2 --no-warm-up");

        assertThat(with.err()).startsWith("Each run is a new JVM with -XX:TieredStopAtLevel=1 -XX:+UseSerialGC, which"
                + " makes one request before its clock starts (see --no-warm-up).\n");
        assertThat(without.err()).startsWith("Each run is a new JVM with -XX:TieredStopAtLevel=1 -XX:+UseSerialGC.\n");
        assertThat(without.out()).contains("FAST");
    }

    @Test
    void plain_http_is_fast_in_a_slow_stage() throws Exception {
        Result result = RunStagesScript.run("--stage 1 --read-call read --proto http --count 4 --delay 0.5");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("FAST");
    }

    @Test
    void a_page_that_fails_breaks_the_run_with_one_line_and_exit_code_3() throws Exception {
        try (OwnServer server = new OwnServer(Duration.ofMillis(300))) {
            Result result = RunStagesScript.run(
                    "--stage 0 --read-call read --count 4 --url " + server.url("/fails-once"));

            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.out()).contains("none");
            assertThat(result.err()).contains(
                    "run-stages: stage-00 read: no verdict: 1 of 4 pages invalid, the first: HTTP 404");
        }
    }

    @Test
    void the_users_own_server_is_judged_by_the_waits_of_its_pages(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");
        try (OwnServer server = new OwnServer(Duration.ofMillis(500))) {
            Result result = RunStagesScript.run("--stage 0 --read-call read --count 4 --url %s --json %s"
                    .formatted(server.url("/"), file));

            assertThat(result.exitCode()).as(result.err()).isZero();
            JsonNode run = new JsonMapper().readTree(Files.readString(file)).get("runs").get(0);
            assertThat(run.get("verdict").asString()).isEqualTo("FAST");
            assertThat(run.get("observation").get("serverPeak").isNull()).isTrue();
        }
    }

    /** Without waits nothing can overlap. */
    @Test
    void a_server_that_answers_at_once_gives_no_verdict() throws Exception {
        try (OwnServer server = new OwnServer(Duration.ZERO)) {
            Result result = RunStagesScript.run("--stage 0 --url " + server.url("/"));

            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err()).contains("give a URL that answers after about a second");
        }
    }

    /** The program under test prints its own message. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--ca-file ca.pem                       | --ca-file is for --url",
            "--stage 0 --url not-a-url              | --url must be an http or https URL",
            "--stage 0 --url ftp://localhost/       | --url must be an http or https URL",
            "--stage 0 --url https://localhost:1/ --ca-file no-such-file | is missing",
            "--stage 0 --url https://localhost:1/ --ca-file README.md    | contains no PEM certificates",
    })
    void a_value_that_fetch_refuses_gets_one_line_and_exit_code_2(String arguments, String problem) throws Exception {
        Result result = RunStagesScript.run(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().contains(problem);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void a_host_that_refuses_gets_one_line_and_exit_code_3() throws Exception {
        Result result;
        try (Socket bound = new Socket()) { // no socket listens on this port, and no other program can get it
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            result = RunStagesScript.run("--stage 0,1 --url https://localhost:%s/".formatted(bound.getLocalPort()));
        }

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err().lines()).last().asString().containsIgnoringCase("refused");
        assertThat(result.out()).isEmpty();
    }

    /** If no file can be written, at least the table must be printed. */
    @Test
    void an_output_on_a_full_disk_gets_a_line_and_exit_code_3_and_the_table_is_printed(@TempDir Path folder)
            throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")));
        Path page = Files.createSymbolicLink(folder.resolve("index.html"), Path.of("/dev/full"));

        Result result = RunStagesScript.run("--stage 3 --read-call read-into --count 3 --delay 0.3"
                + " --trace=/dev/full --jfr /dev/full --json /dev/full --report " + folder);

        Files.delete(page);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.out()).contains("SLOW");
        assertThat(result.err().lines().filter(line -> line.startsWith("run-stages: "))).containsExactly(
                "run-stages: --jfr /dev/full was not written: No space left on device",
                "run-stages: --trace /dev/full was not written: No space left on device",
                "run-stages: --json /dev/full was not written: No space left on device",
                "run-stages: --report %s was not written: No space left on device".formatted(page));
        assertThat(Files.isRegularFile(Path.of("/dev/full"))).as("it is still a device").isFalse();
        assertThat(ResultsFile.read(folder.resolve("results.json")).runs()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--stage 0 --read-call read --count 3 --delay 0.3"})
    void standard_output_on_a_full_disk_gets_a_line_and_exit_code_3(String options) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")));

        Result result = RunStagesScript.run(options + " > /dev/full");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.err().lines()).last().isEqualTo("run-stages: standard output could not be written");
    }

    @Test
    void help_and_version_need_no_run() throws Exception {
        assertThat(RunStagesScript.run("--help").out()).contains("Usage: run-stages", "--read-call", "Exit codes:");
        assertThat(RunStagesScript.run("--version").out()).matches("run-stages \\d+\\.\\d+\\.\\d+.*\n");
    }

    /** A plain HTTP server that delays each answer. Page 2 of /fails-once does not exist. */
    private static final class OwnServer implements AutoCloseable {

        private final HttpServer server;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        OwnServer(Duration delay) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                LockSupport.parkNanos(delay.toNanos());
                boolean fails = exchange.getRequestURI().toString().equals("/fails-once?page=2");
                exchange.sendResponseHeaders(fails ? 404 : 200, -1);
                exchange.close();
            });
            server.start();
        }

        String url(String path) {
            return "http://localhost:%s%s".formatted(server.getAddress().getPort(), path);
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
