package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trusted and untrusted certificates. */
class HttpsTest {

    @TempDir
    private static Path folder;

    private static Keys keys;

    @BeforeAll
    static void make_keys() throws Exception {
        keys = new Keys(folder);
        keys.make("local", "-ext", Keys.LOCAL, "-ext", "bc:c");
        keys.make("elsewhere", "-ext", "san=dns:example.org");
        keys.make("expired", "-ext", Keys.LOCAL, "-signer", "local", "-startdate", "-3d", "-validity", "1");
    }

    @Test
    void a_server_with_a_certificate_of_the_given_ca_is_trusted() throws Exception {
        try (var server = server("local")) {
            Run run = Run.of("--url", server.url("https"), "--ca-file", keys.caFile("local"), "--json")
                    .assertTotals(10, 0, false);
            assertThat(run.pages()).allSatisfy(page -> assertThat(List.of(page.start(), page.connectStart(),
                    page.connected(), page.handshaken(), page.sent(), page.firstByte(), page.end())).isSorted());
            assertThat(run.end().socketClass()).isEqualTo("sun.security.ssl.SSLSocketImpl");
        }
    }

    @Test
    void all_cas_of_a_file_are_trusted() throws Exception {
        Path both = Files.writeString(folder.resolve("both.pem"), keys.pem("elsewhere") + keys.pem("local"));
        try (var server = server("local")) {
            assertThat(Run.of("--url", server.url("https"), "--ca-file", both.toString()).exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "local     |           | certificate not trusted: .*; give its CA with --ca-file",
        "local     | elsewhere | certificate not trusted: .*; give its CA with --ca-file",
        "elsewhere | elsewhere | certificate not trusted: (?!.*give its CA).*localhost.*",
        "expired   | local     | certificate not valid at this time: .*",
    })
    void a_certificate_that_is_not_trusted_is_reported(String certificate, String ca, String problem) throws Exception {
        try (var server = server(certificate)) {
            Run run = ca == null ? Run.of("--url", server.url("https"))
                    : Run.of("--url", server.url("https"), "--ca-file", keys.caFile(ca));
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("valid: 0\ninvalid: 10\n  pages 0-9: " + problem + "\n");
        }
    }

    @Test
    void insecure_trusts_any_certificate_and_host_name_and_warns() throws Exception {
        try (var server = server("elsewhere")) {
            Run run = Run.of("--url", server.url("https"), "--insecure");
            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).isEqualToIgnoringNewLines(
                    "fetch: warning: --insecure trusts any certificate and any host name");
        }
    }

    @Test
    void a_server_without_tls_is_reported() throws IOException {
        try (var plain = new RawServer("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            Run run = Run.of("--url", plain.url("https"), "--insecure", "--url-count", "3");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("  pages 0-2: Unsupported or unrecognized SSL message");
        }
    }

    @Test
    void the_next_address_of_a_host_does_not_hide_the_reason() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 two.test\n::1 two.test\n");
        try (var server = server("local")) {
            Process process = Run.process(List.of("-Djdk.net.hosts.file=" + hosts),
                    "--url", server.url("https").replace("localhost", "two.test"), "--url-count", "3");
            try (var out = process.inputReader()) {
                assertThat(out.readAllAsString()).contains("  pages 0-2: certificate not trusted: ");
            }
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    /** Returns a server that shows the certificate of that name. */
    private static RawServer server(String alias) throws Exception {
        SSLContext tls = keys.context(alias);
        return new RawServer(plain -> RawServer.serve(Keys.secured(tls, plain), RawServer::valid));
    }
}
