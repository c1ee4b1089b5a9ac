package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trusted and untrusted certificates, shown by the JDK's own HTTPS server. */
class HttpsTest {

    @TempDir
    private static Path folder;

    private static final Certificate CA = Certificate.authority("CA");
    private static final Certificate LOCAL = CA.sign();
    private static final Certificate EXPIRED = CA.signExpired();
    private static final Certificate ELSEWHERE = Certificate.ofHost("example.org");

    private record Server(HttpsServer https, ExecutorService threads) implements AutoCloseable {

        String url() {
            return "https://localhost:" + https.getAddress().getPort() + "/";
        }

        @Override
        public void close() {
            https.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void a_server_with_a_certificate_of_the_given_ca_is_trusted() throws Exception {
        try (Server server = server(LOCAL)) {
            Run run = Run.of("--url", server.url(), "--ca-file", CA.pemFile(folder).toString(),
                    "--url-count", "5", "--json")
                    .assertTotals(5, 0, false);
            assertThat(run.pages()).allSatisfy(page -> assertThat(List.of(page.start(), page.connectStart(),
                    page.connected(), page.handshaken(), page.sent(), page.firstByte(), page.end())).isSorted());
            assertThat(run.end().socketClass()).isEqualTo("sun.security.ssl.SSLSocketImpl");
        }
    }

    @Test
    void all_cas_of_a_file_are_trusted() throws Exception {
        Path both = Files.writeString(folder.resolve("both.pem"), ELSEWHERE.pem() + CA.pem());
        try (Server server = server(LOCAL)) {
            assertThat(Run.of("--url", server.url(), "--ca-file", both.toString()).exitCode()).isZero();
        }
    }

    @Test
    void without_its_ca_the_server_is_not_trusted() throws Exception {
        try (Server server = server(LOCAL)) {
            Run run = Run.of("--url", server.url());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern(
                    "  pages 0-9: certificate not trusted: .*; give its CA with --ca-file\\R");
        }
    }

    @Test
    void another_ca_is_not_enough() throws Exception {
        try (Server server = server(LOCAL)) {
            Run run = Run.of("--url", server.url(), "--ca-file", ELSEWHERE.pemFile(folder).toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("  pages 0-9: certificate not trusted: ", "valid: 0\n");
        }
    }

    @Test
    void a_certificate_for_another_host_is_refused() throws Exception {
        try (Server server = server(ELSEWHERE)) {
            Run run = Run.of("--url", server.url(), "--ca-file", ELSEWHERE.pemFile(folder).toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("  pages 0-9: certificate not trusted: ", "localhost")
                    .doesNotContain("give its CA");
        }
    }

    @Test
    void an_expired_certificate_is_refused() throws Exception {
        try (Server server = server(EXPIRED)) {
            Run run = Run.of("--url", server.url(), "--ca-file", CA.pemFile(folder).toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("  pages 0-9: certificate not valid at this time: ");
        }
    }

    @Test
    void insecure_trusts_any_certificate_and_host_name_and_warns() throws Exception {
        try (Server server = server(ELSEWHERE)) {
            Run run = Run.of("--url", server.url(), "--insecure");
            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).isEqualToIgnoringNewLines(
                    "fetch: warning: --insecure trusts any certificate and any host name");
        }
    }

    @Test
    void a_server_without_tls_is_reported() throws IOException {
        try (var plain = new RawServer("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            Run run = Run.of("--url", plain.url().replace("http:", "https:"), "--insecure", "--url-count", "3");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("  pages 0-2: Unsupported or unrecognized SSL message");
        }
    }

    @Test
    void the_next_address_of_a_host_does_not_hide_the_reason() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 two.test\n::1 two.test\n");
        try (Server server = server(LOCAL)) {
            Process process = Run.process(List.of("-Djdk.net.hosts.file=" + hosts),
                    "--url", server.url().replace("localhost", "two.test"), "--url-count", "3");
            try (var out = process.inputReader()) {
                assertThat(out.readAllAsString()).contains("  pages 0-2: certificate not trusted: ");
            }
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    /** Returns a server that shows this certificate. */
    private static Server server(Certificate certificate) throws Exception {
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        https.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        https.createContext("/", exchange -> {
            byte[] body = "hello".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        ExecutorService threads = Executors.newCachedThreadPool();
        https.setExecutor(threads);
        https.start();
        return new Server(https, threads);
    }
}
