package dev.cooperativetls.frontdoor.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.frontdoor.RunStagesScript;
import dev.cooperativetls.frontdoor.RunStagesScript.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Judges other people's providers and clients, and those of this repository, with the script. */
@Tag("long")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.SAME_THREAD) // each test needs all processors
class JudgeStackIT {

    private static final String CONSCRYPT_2_5_2 = " --jars common/tools/front-door/target/to-be-judged/conscrypt-2.5.2"
            + " --provider org.conscrypt.OpenSSLProvider";
    private static final String ALT_PROVIDER = " --jars stage-01/target/lib"
            + " --provider dev.cooperativetls.altprovider.AltProvider"
            + " --jvm-option=--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
    /** A provider that returns the JDK's TLS. */
    private static final String PROVIDER = """
            import java.security.*;
            import java.util.List;

            public final class Acme extends Provider {
                public Acme() {
                    super("Acme", "1.0", "the JDK's TLS");
                    // first
                    Service own = Security.getProvider("SunJSSE").getService("SSLContext", "TLS");
                    putService(new Service(this, "SSLContext", "TLS", own.getClassName(), List.of(), null) {
                        @Override
                        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                            return own.newInstance(parameter);
                        }
                    });
                }
            }
            """;

    /** A client that fetches one page at a time. */
    private static final String CLIENT = """
            package com.acme;

            import dev.cooperativetls.events.Step;
            import dev.cooperativetls.fetch.*;
            import java.net.URI;
            import java.net.http.*;
            import java.util.*;
            import java.util.concurrent.locks.ReentrantLock;

            public final class Locked implements PageClient {
                private final ReentrantLock one = new ReentrantLock();
                private HttpClient client;

                public String name() {
                    return "locked";
                }
                public void open(ClientSettings settings) {
                    client = HttpClient.newBuilder().sslContext(settings.tls().context()).build();
                }
                public void get(URI uri, PageProgress page) throws Exception {
                    one.lock();
                    try {
                        page.reached(Step.SENT);
                        var answer = client.send(HttpRequest.newBuilder(uri).build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                        page.answered(answer.statusCode(), "h2");
                        page.read(answer.body());
                    } finally {
                        one.unlock();
                    }
                }
                public Set<Step> unreported() {
                    return EnumSet.of(Step.CONNECT_START, Step.CONNECTED, Step.HANDSHAKEN);
                }
                public void close() {
                    client.shutdownNow();
                }
            }
            """;

    private static Result judge(String arguments) throws IOException, InterruptedException {
        return RunStagesScript.bash(RunStagesScript.ROOT, "./judge stack " + arguments);
    }

    private static List<String> rows(Result result) {
        return result.out().lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    }

    @Test
    void the_recordings_are_kept_on_request_and_can_be_judged(@TempDir Path folder) throws Exception {
        judge(CONSCRYPT_2_5_2 + " --channel-sockets --client httpclient5"
                + " --jvm-option=-Dorg.conscrypt.useEngineSocketByDefault=false"
                + " --jvm-option=--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
                + " --jvm-option=--add-opens=java.base/java.net=ALL-UNNAMED --jfr " + folder.resolve("recordings"));

        assertThat(JudgeCommand.run("recording", folder.resolve("recordings/httpclient5-http-1.1.jfr"), "--carriers", 1)
                .out()).contains("blocked by org.conscrypt.NativeCrypto.SSL_read");
    }

    /** Without these options the provider silently falls back to another kind of socket, and the row shows which. */
    @Test
    void a_provider_that_falls_back_silently_is_shown_with_the_socket_that_it_used() throws Exception {
        Result result = judge(CONSCRYPT_2_5_2 + " --channel-sockets --client httpclient5 --client httpclient5"
                + " --jvm-option=-Dorg.conscrypt.useEngineSocketByDefault=false --jvm-option=-XX:+UseParallelGC");

        assertThat(rows(result)).as(result.err()).anyMatch(
                row -> row.matches("httpclient5 http/1.1 org.conscrypt.Java8EngineSocket \\d.\\d\\d s 10 FAST FAST -"));
        assertThat(rows(result)).filteredOn(row -> row.matches("httpclient5 .* FAST FAST .*")).hasSize(1);
        assertThat(result.exitCode()).isZero();
    }

    /** The provider needs channel sockets. Each row that fails reports it, and the other rows go on. */
    @Test
    void a_client_that_the_provider_refuses_has_no_verdict() throws Exception {
        Result result = judge(ALT_PROVIDER + " --client httpclient5 --client java.net.http");

        assertThat(rows(result)).as(result.err())
                .anyMatch(row -> row.matches("httpclient5 http/1.1 - .* none FAST -"))
                .anyMatch(row -> row.startsWith("httpclient5 http/1.1: no verdict: 10 of 10 pages invalid, the first: A"
                        + " client's TLS can only be layered over a socket with a channel"))
                .anyMatch(row -> row.endsWith("give --channel-sockets"))
                .anyMatch(row -> row.matches("java.net.http h2 .* FAST FAST -"));
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void a_client_that_fetches_one_page_at_a_time_is_slow_on_the_jdks_tls_too(@TempDir Path folder) throws Exception {
        compile(folder, "com.acme.Locked", CLIENT);
        Path file = folder.resolve("results.json");
        Result result = judge(("--jars %s --provider SunJSSE --client com.acme.Locked --count 4 --format json --json %s"
                + " --report %s").formatted(folder, file, folder.resolve("report")));

        JsonNode all = new JsonMapper().readTree(result.out());
        assertThat(all.at("/program/name").asString()).isEqualTo("judge stack");
        JsonNode row = all.get("rows").get(0);
        assertThat(all.get("schema").asInt()).isEqualTo(1);
        assertThat(row.get("client").asString()).isEqualTo("com.acme.Locked");
        assertThat(row.get("verdict").asString()).as(result.out()).isEqualTo("SLOW");
        assertThat(row.get("verdictOnJdk").asString()).isEqualTo("SLOW");
        assertThat(row.get("culprit").isNull()).isTrue();
        assertThat(row.get("remarks").get(0).asString())
                .isEqualTo("SLOW on the JDK's TLS too: the cause is in the client, such as a pool or a lock");
        assertThat(file).content().isEqualTo(result.out());
        assertThat(folder.resolve("report/results.json")).content().isEqualTo(result.out());
        assertThat(folder.resolve("report/index.html")).content().contains("scope=\"col\">client</th>",
                ">com.acme.Locked<", "the cause is in the client, such as a pool or a lock</p>")
                .doesNotContain("run-stages");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void a_setup_runs_before_the_provider_is_created_and_test_reports_have_a_case_per_client(@TempDir Path folder)
            throws Exception {
        compile(folder, "Acme", PROVIDER.replace("// first",
                "if (!Boolean.getBoolean(\"acme.ready\")) throw new IllegalStateException(\"not ready\");"));
        compile(folder, "Setup", "public final class Setup implements Runnable {"
                + " public void run() { System.setProperty(\"acme.ready\", \"true\"); } }");
        String acme = "--jars %s --provider Acme --client httpclient5 --format junit".formatted(folder);

        Result result = judge(acme + " --setup Setup");
        assertThat(result.out()).as(result.err())
                .matches("(?s)<\\?xml version=\"1.0\" encoding=\"UTF-8\"\\?>"
                        + "<testsuite name=\"judge stack\" tests=\"1\" errors=\"0\" failures=\"0\">"
                        + "<testcase classname=\"Acme 1.0 \\([^)]+\\)\" name=\"httpclient5 http/1.1, JDK \\S+\""
                        + " time=\"[\\d.]+\"></testcase></testsuite>\\s*");
        assertThat(result.exitCode()).isZero();

        Result expectsSlow = judge(acme + " --setup Setup --expect SLOW");
        assertThat(expectsSlow.out()).contains("failures=\"1\"", "<failure message=\"FAST, expected SLOW: ");
        assertThat(expectsSlow.exitCode()).isEqualTo(1);

        Result withoutSetup = judge(acme);
        assertThat(withoutSetup.err())
                .contains("judge: a TLS provider on the class path cannot be loaded: Acme: not ready");
        assertThat(withoutSetup.out()).isEmpty();
        assertThat(withoutSetup.exitCode()).isEqualTo(3);
    }

    @Test
    void a_provider_whose_native_library_is_missing_is_reported_in_one_line(@TempDir Path folder) throws Exception {
        compile(folder, "Acme", PROVIDER.replace("// first", "System.loadLibrary(\"acme\");"));
        Result result = judge("--jars %s --provider Acme --client okhttp".formatted(folder));

        assertThat(result.err().lines()).last().asString()
                .startsWith("judge: a TLS provider on the class path cannot be loaded: Acme: UnsatisfiedLinkError: ")
                .endsWith("; set LD_LIBRARY_PATH to the folder of its native library");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void unknown_names_are_bad_usage(@TempDir Path folder) throws Exception {
        compile(folder, "com.acme.Client", "package com.acme; public final class Client {}");
        assertRefused("--provider com.acme.Acme --client okhttp", "--provider: no provider 'com.acme.Acme'");
        assertRefused("--provider SunJSSE --client netscape", "--client must be http-url-connection, httpclient5,");
        assertRefused("--provider SunJSSE --client com.acme.Missing", "--client: no HTTP client 'com.acme.Missing'");
        assertRefused("--jars %s --provider SunJSSE --client com.acme.Client".formatted(folder),
                "--client: the class com.acme.Client is not a usable HTTP client");
        assertRefused("--provider SunJSSE --client okhttp --provider NoSuchProvider",
                "--provider: no provider 'NoSuchProvider'");
    }

    private static void assertRefused(String arguments, String message) throws IOException, InterruptedException {
        Result result = judge(arguments);
        assertThat(result.err().lines()).last().asString().startsWith("judge: " + message)
                .endsWith("(see judge stack --help)");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    /** Such a JVM cannot record, so the judge does not detect a wait in native code. */
    @Test
    void in_a_jvm_without_a_flight_recorder_there_is_no_verdict() throws Exception {
        Result result = judge("--provider SunJSSE --client okhttp --jvm-option=-XX:-FlightRecorder");

        assertThat(result.err()).contains("judge: a control failed, so no verdict can be trusted:"
                + " a wait in native code is not seen in the flight recording");
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(3);
    }

    /** Compiles a class as a user does, against the jars of the program. */
    private static void compile(Path folder, String name, String source) throws IOException {
        Path file = Files.writeString(Files.createDirectories(folder.resolve("source"))
                .resolve(name.replaceFirst(".*\\.", "") + ".java"), source);
        String jars = UserJars.of(List.of(RunStagesScript.ROOT + "/stage-00/target/lib")).after();
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), "-cp", jars,
                file.toString());
        assertThat(result).isZero();
    }
}
