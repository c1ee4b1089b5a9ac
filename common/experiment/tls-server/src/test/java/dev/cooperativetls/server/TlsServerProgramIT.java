package dev.cooperativetls.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("long")
@Timeout(120)
class TlsServerProgramIT {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "on Windows a process can only be killed")
    void it_prints_its_addresses_serves_and_leaves_nothing_behind_when_stopped() throws Exception {
        try (var program = Program.run()) {
            var https = URI.create(program.line().replaceFirst("HTTPS  ", ""));
            var http = URI.create(program.line().replaceFirst("HTTP   ", ""));
            var caFile = Path.of(program.line().replaceFirst("CA     ", ""));
            assertThat(program.line()).isEqualTo("Press Ctrl-C to stop.");

            try (var client = Client.trusting(caFile)) {
                assertThat(Client.get(client, https, "/delay/0?page=3").body())
                        .isEqualTo("{\"args\":{\"page\":\"3\"},\"url\":\"%s?page=3\"}", https.resolve("/delay/0"));
                assertThat(Client.get(client, http, "/delay/0").statusCode()).isEqualTo(200);
            }
            program.interrupt();

            assertThat(program.exitCode()).isEqualTo(128 + 15);
            assertThat(caFile.getParent()).doesNotExist();
            assertThat(program.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"--https-port", "--http-port"})
    void a_port_in_use_is_one_clear_line(String option) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                var program = Program.run(option, Integer.toString(taken.getLocalPort()))) {
            assertThat(program.errors()).containsExactly("tls-server: port %s is in use: choose another with %s"
                    .formatted(taken.getLocalPort(), option));
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --https-port 65536 | --https-port must be from 0 to 65535, not 65536
            --http-port -1     | --http-port must be from 0 to 65535, not -1
            --https-port ten   | --https-port must be a whole number, not 'ten'
            --https-port       | Missing required parameter for option '--https-port' (PORT)
            --udp-port 1       | Unknown options: '--udp-port', '1'
            """)
    void bad_usage_is_one_clear_line(String arguments, String problem) throws Exception {
        try (var program = Program.run(arguments.split(" "))) {
            assertThat(program.errors()).containsExactly("tls-server: " + problem);
            assertThat(program.exitCode()).isEqualTo(2);
        }
    }

    /** Without the output no client could learn the ports. */
    @Test
    void it_does_not_serve_if_standard_output_cannot_be_written() throws Exception {
        File fullDisk = new File("/dev/full");
        assumeTrue(fullDisk.exists());
        try (var program = Program.printingTo(fullDisk)) {
            assertThat(program.errors()).containsExactly("tls-server: standard output could not be written");
            assertThat(program.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void the_same_port_for_both_is_bad_usage() throws Exception {
        try (var program = Program.run("--https-port", "40123", "--http-port", "40123")) {
            assertThat(program.errors()).containsExactly("tls-server: --https-port and --http-port must differ");
            assertThat(program.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void version_and_help_are_printed() throws Exception {
        try (var version = Program.run("--version"); var help = Program.run("--help")) {
            assertThat(version.line()).matches("tls-server \\d.*");
            assertThat(version.exitCode()).isZero();
            assertThat(help.line()).startsWith("Usage: tls-server ");
            assertThat(help.exitCode()).isZero();
        }
    }

    @Test
    void a_controlled_server_answers_its_parent_and_ends_with_it() throws Exception {
        try (var program = Program.run("--controlled")) {
            var caFile = Path.of(JsonMapper.shared().readTree(program.line()).get("caFile").asString());
            assertThat(caFile).exists();
            program.input().println("in-flight");
            assertThat(program.line()).isEqualTo("{\"now\":0,\"peak\":0,\"mean\":0.0,\"served\":0}");
            program.input().println("in-flight my-run");
            assertThat(program.line()).isEqualTo("{\"now\":0,\"peak\":0,\"mean\":0.0,\"served\":0}");
            program.input().println("hello");
            assertThat(program.line()).isEqualTo("{\"error\":\"send in-flight or in-flight RUN, not hello\"}");
            program.input().close();

            assertThat(program.exitCode()).isZero();
            assertThat(caFile.getParent()).doesNotExist();
            assertThat(program.errors()).isEmpty();
        }
    }
}
