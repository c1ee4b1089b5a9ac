package dev.cooperativetls.realclients;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.cooperativetls.server.TlsServer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each client with the provider first: one JVM for each form plays all scenarios. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ScenariosIT {

    @AutoClose
    private static TlsServer server;
    /** Of a server that has another CA. */
    @AutoClose
    private static TlsServer another;

    @BeforeAll
    static void start_servers() throws Exception {
        assertThat(SSLContext.getInstance("TLS").getProvider().getName()).isEqualTo("SunJSSE");
        server = TlsServer.start();
        another = TlsServer.start();
        WireMockServer wireMock = server.wireMock();
        wireMock.stubFor(any(urlEqualTo(Scenario.HELLO)).willReturn(ok(Scenario.TEXT)));
        // No other body is answered with it: so what comes back is what was sent.
        wireMock.stubFor(post(Scenario.ECHO).withRequestBody(binaryEqualTo(Scenario.tenMegabytes()))
                .willReturn(aResponse().withBody(Scenario.tenMegabytes())));
        wireMock.stubFor(get(Scenario.BIG).willReturn(aResponse().withBody(Scenario.tenMegabytes())));
        wireMock.stubFor(get(Scenario.CHUNKED).willReturn(ok(Scenario.TEXT)
                .withHeader("Transfer-Encoding", "chunked").withChunkedDribbleDelay(5, 20)));
        wireMock.stubFor(get(Scenario.GZIP).withHeader("Accept-Encoding", containing("gzip"))
                .willReturn(aResponse().withHeader("Content-Encoding", "gzip").withBody(gzipped(Scenario.TEXT))));
        for (Fault fault : Fault.values()) {
            wireMock.stubFor(get("/fault/" + fault.name()).willReturn(aResponse().withFault(fault)));
        }
    }

    /** So that a client which gets it has read chunks. */
    @Test
    void the_chunked_answer_is_chunked() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(server.httpUrl().resolve(Scenario.CHUNKED)).build(),
                    BodyHandlers.discarding());
            assertThat(answer.headers().allValues("Transfer-Encoding")).containsExactly("chunked");
        }
    }

    @TestFactory
    Stream<DynamicTest> with_the_provider_bare() throws Exception {
        return tests(Form.ALT_PROVIDER);
    }

    @TestFactory
    Stream<DynamicTest> with_the_wrapper() throws Exception {
        return tests(Form.WRAPPER);
    }

    @TestFactory
    Stream<DynamicTest> with_the_patched_wrapper() throws Exception {
        return tests(Form.PATCHED_WRAPPER);
    }

    private static Stream<DynamicTest> tests(Form form) throws IOException, InterruptedException {
        Map<String, String> outcomes = play(form);
        assertThat(outcomes.get(ScenarioProgram.PROVIDER))
                .contains(form == Form.ALT_PROVIDER ? "wrapped by nobody" : "wrapped by CooperativeWrapper");
        List<DynamicTest> tests = new ArrayList<>();
        for (Setup setup : Setup.values()) {
            for (Scenario scenario : Scenario.values()) {
                if (scenario.concerns(setup)) {
                    String name = ScenarioProgram.name(setup, scenario);
                    tests.add(DynamicTest.dynamicTest(name,
                            () -> assertThat(outcomes.get(name)).as(name).isEqualTo("ok")));
                }
            }
        }
        return tests.stream();
    }

    /** What came of each scenario. */
    private static Map<String, String> play(Form form) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-UsePerfData");
        command.addAll(List.of(Form.jvmOptions()));
        command.addAll(List.of("-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-cp", form.classPath() + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
                ScenarioProgram.class.getName(),
                server.httpsUrl().toString(), server.caFile().toString(), another.caFile().toString()));
        Process program = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try {
            Map<String, String> outcomes = program.inputReader(UTF_8).lines()
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1]));
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return outcomes;
        } finally {
            program.destroyForcibly();
        }
    }

    private static byte[] gzipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
