package dev.cooperativetls.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServerProcessIT {

    @Test
    void it_serves_and_counts_like_a_server_in_this_jvm() throws Exception {
        var server = ServerProcess.start(Program.JAR);
        try (server; var client = Client.trusting(server.caFile())) {
            assertThat(Client.statusLinesAtOnce(server, 10, "/delay/2?run=first")).containsOnly("HTTP/1.1 200 OK");
            assertThat(server.inFlight("first").peak()).isEqualTo(10);
            assertThat(server.inFlight("first").served()).isEqualTo(10);

            assertThat(server.inFlight("second")).isEqualTo(new InFlightRequests(0, 0, 0, 0));
            assertThat(Client.get(client, server.httpUrl(), "/delay/0?run=second").statusCode()).isEqualTo(200);
            assertThat(server.inFlight("second").served()).isEqualTo(1);
            assertThat(server.inFlight().served()).isEqualTo(11);
        }

        assertThat(server.caFile().getParent()).doesNotExist();
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(server::inFlight);
        server.close();
    }

    @Test
    void a_missing_jar_is_named() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ServerProcess.start(Path.of("target", "missing.jar")))
                .withMessageContaining("no server at")
                .withMessageContaining("missing.jar");
    }

    @Test
    void a_jar_that_does_not_start_is_named(@TempDir Path folder) throws Exception {
        Path jar = Files.writeString(folder.resolve("broken.jar"), "no jar");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ServerProcess.start(jar))
                .withMessage("the server at %s did not start: the server has ended", jar);
    }
}
