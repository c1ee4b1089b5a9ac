package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of trusted and untrusted certificates. */
class HttpsTest {

    @TempDir
    private static Path folder;

    private static final Certificate CA = Certificate.authority("CA");
    private static final Certificate LOCAL = CA.sign();
    private static final Certificate EXPIRED = CA.signExpired();
    private static final Certificate ELSEWHERE = Certificate.ofHost("example.org");

    @Test
    void a_server_with_a_certificate_of_the_given_ca_is_trusted() throws Exception {
        try (var server = server("local")) {
            Run run = Run.of("--url", server.url("https"), "--ca-file", authority("CA"), "--json")
                    .assertTotals(10, 0, false);
            assertThat(run.pages()).allSatisfy(page -> assertThat(List.of(page.start(), page.connectStart(),
                    page.connected(), page.handshaken(), page.sent(), page.firstByte(), page.end())).isSorted());
            assertThat(run.end().socketClass()).isEqualTo("sun.security.ssl.SSLSocketImpl");
        }
    }

    @Test
    void all_cas_of_a_file_are_trusted() throws Exception {
        Path both = Files.writeString(folder.resolve("both.pem"), ELSEWHERE.pem() + CA.pem());
        try (var server = server("local")) {
            assertThat(Run.of("--url", server.url("https"), "--ca-file", both.toString()).exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "local     |           | certificate not trusted: .*; give its CA with --ca-file",
        "local     | elsewhere | certificate not trusted: .*; give its CA with --ca-file",
        "elsewhere | elsewhere | certificate not trusted: (?!.*give its CA).*localhost.*",
        "expired   | CA        | certificate not valid at this time: .*",
    })
    void a_certificate_that_is_not_trusted_is_reported(String certificate, String ca, String problem) throws Exception {
        try (var server = server(certificate)) {
            Run run = ca == null ? Run.of("--url", server.url("https"))
                    : Run.of("--url", server.url("https"), "--ca-file", authority(ca));
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

    /** Returns a server with this certificate. */
    private static RawServer server(String certificate) throws Exception {
        SSLContext tls = switch (certificate) {
            case "local" -> LOCAL.serverContext();
            case "expired" -> EXPIRED.serverContext();
            default -> ELSEWHERE.serverContext();
        };
        return new RawServer(plain -> RawServer.serve(JdkTlsServer.over(plain, tls), RawServer::valid));
    }

    private static String authority(String name) throws Exception {
        return (name.equals("CA") ? CA : ELSEWHERE).pemFile(folder).toString();
    }
}
