package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That all is measured; not how fast it is, which is for a quiet machine. */
class BenchIT {

    @Test
    void every_client_is_measured_and_written_down(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        Path picture = folder.resolve("picture.svg");
        assertThat(Bench.run("--pages", "3", "--rounds", "2", "--jvms", "1", "--delay", "0.2",
                "--json", json.toString(), "--picture", picture.toString())).isZero();

        JsonNode figures = new JsonMapper().readTree(json);
        assertThat(figures).extracting(row -> row.path("client").asString())
                .containsExactly("stage-00", "stage-02", "stage-04", "bouncycastle", "java-net-http");
        assertThat(figures).allSatisfy(row -> {
            // The delay is real, so no round can take less; and a page cannot be had for nothing.
            assertThat(row.path("overheadSeconds").asDouble()).isPositive();
            assertThat(row.path("coldOverheadSeconds").asDouble()).isPositive();
            assertThat(row.path("cpuSecondsPerPage").asDouble()).isNotNegative();
            assertThat(row.path("allocatedBytesPerPage").asDouble()).isPositive();
            assertThat(row.path("descriptors").asInt()).isGreaterThanOrEqualTo(3);
        });
        assertThat(Files.readString(picture)).contains("java-net-http");
    }

    @Test
    void a_call_is_measured() {
        System.setProperty("jmh.ignoreLock", "true"); // somebody may be measuring beside this
        try {
            assertThat(Bench.run("calls", "--only", "wait", "--forks", "1", "--iterations", "1")).isZero();
        } finally {
            System.clearProperty("jmh.ignoreLock");
        }
    }
}
