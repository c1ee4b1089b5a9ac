package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Checks that everything is measured. It does not check the size of the figures, which depends on the machine. */
@Tag("long")
class BenchIT {

    @Test
    void every_candidate_is_measured_and_written_down(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        Path picture = folder.resolve("picture.svg");
        assertThat(Bench.run("--pages", "3,100", "--rounds", "1", "--jvms", "1", "--delay", "0.2",
                "--json", json.toString(), "--picture", picture.toString())).isZero();

        var all = new JsonMapper().readTree(json);
        assertThat(all.get("schema").asInt()).isEqualTo(1);
        assertThat(all.at("/program/name").asString()).isEqualTo("bench");
        assertThat(all.at("/environment/cores").asInt()).isPositive();
        assertThat(all.get("command")).hasSize(15);
        var figures = all.get("results");
        assertThat(figures).extracting(result -> result.path("candidate").asString()).startsWith(
                "stage-00", "stage-02", "stage-04", "stage-04-jdk-engine", "java-net-http").hasSize(10);
        assertThat(figures).allSatisfy(result -> {
            // The delay is real, so every round takes longer than it, and every page allocates memory.
            assertThat(result.at("/overheadSeconds/least").asDouble()).isPositive();
            assertThat(result.at("/coldOverheadSeconds/least").asDouble()).isPositive();
            assertThat(result.at("/allocatedBytesPerPage/least").asDouble()).isPositive();
            boolean few = result.path("pages").asInt() == 3;
            assertThat(result.path("waiting").isNull()).isEqualTo(few);
            assertThat(result.path("cpuToStage00").isNull()).isEqualTo(few);
            if (!few) { // each page has a connection
                assertThat(result.at("/waiting/descriptors").asInt()).isGreaterThan(100);
            }
        });
        assertThat(Files.readString(picture)).contains("java-net-http");
    }

    /** Runs in a locale with other digits, because JMH prints numbers in the default locale of its JVM. */
    @Test
    void a_call_is_measured_and_its_figures_have_latin_digits() throws Exception {
        var bench = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djmh.ignoreLock=true", // another JMH may be running on this machine
                "-jar", "common/tools/bench/target/bench.jar",
                "calls", "--only", "wait", "--forks", "1", "--iterations", "1")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        bench.environment().put("JDK_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG");
        Process process = bench.start();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(printed).containsPattern("WaitBenchmark\\.hub +avgt +[0-9.]+ +us/op")
                .doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
    }
}
