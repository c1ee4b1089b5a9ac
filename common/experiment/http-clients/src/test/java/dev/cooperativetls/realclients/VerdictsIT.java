package dev.cooperativetls.realclients;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;
import static dev.cooperativetls.verdict.Verdict.FAST;
import static dev.cooperativetls.verdict.Verdict.SLOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.server.HeldRequests;
import dev.cooperativetls.server.TlsServer;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten pages at once, a virtual thread each on one carrier, with each client and each form of TLS. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class VerdictsIT {

    private static final String JDK_SOCKET = "sun.security.ssl.SSLSocketImpl";
    private static final String WRAPPED_SOCKET = "dev.cooperativetls.altprovider.WrappedSocket";
    private static final String POLL = "dev.cooperativetls.altprovider.Poll.poll";

    @ParameterizedTest
    @EnumSource
    void a_client_is_as_its_reads_are(Setup setup) throws Exception {
        assertThat(SSLContext.getInstance("TLS").getProvider().getName()).isEqualTo("SunJSSE"); // and so the server's
        try (TlsServer server = TlsServer.start()) {
            for (Form form : Form.values()) {
                Verdict expected = expected(setup, form);
                Observation seen = observe(setup, form, server, expected == SLOW ? 0.5 : 1);

                assertThat(seen.provider()).startsWith(form == Form.JDK_TLS ? "SunJSSE" : "AltTLS");
                assertThat(seen).hasSocketClass(socketClass(setup, form));
                if (expected == SLOW) {
                    assertThat(seen).isSlow().hasServerPeak(1).isHeldBy(POLL);
                } else {
                    assertThat(seen).isFast();
                    // Not even a little: whoever polls, if anybody does, is no virtual thread.
                    assertThat(seen.holders()).filteredOn(holder -> holder.frame().equals(POLL) && holder.worthNaming())
                            .as(seen.describe()).isEmpty();
                }
            }
        }
    }

    /** So in the column of the wrapper it is the other read call that is slow, and nothing else. */
    @Test
    void with_the_read_call_that_it_has_the_wrapper_is_enough() throws Exception {
        try (TlsServer server = TlsServer.start()) {
            assertThat(observe(Setup.HTTP_URL_CONNECTION, Form.WRAPPER, server, 1, "-Dcooperativetls.readCall=read"))
                    .isFast().hasSocketClass(WRAPPED_SOCKET);
        }
    }

    /** A page's own thread reads from the socket, with the read call that the wrapper lacks. */
    private static Verdict expected(Setup setup, Form form) {
        boolean readsItself = switch (setup) {
            case HTTP_URL_CONNECTION, HTTPCLIENT_5, OKHTTP_1 -> true;
            case OKHTTP_2, JAVA_NET_HTTP_1, JAVA_NET_HTTP_2 -> false;
        };
        return readsItself && (form == Form.ALT_PROVIDER || form == Form.WRAPPER) ? SLOW : FAST;
    }

    private static String socketClass(Setup setup, Form form) {
        if (setup.library() == Library.JAVA_NET_HTTP) {
            return null;
        }
        return form == Form.JDK_TLS ? JDK_SOCKET : WRAPPED_SOCKET;
    }

    private static Observation observe(Setup setup, Form form, TlsServer server, double delay, String... jvmOptions)
            throws IOException, InterruptedException {
        Observer program = Observer.ofClassPath(form.classPath(), RealClients.class.getName())
                .jvmOptions(Form.jvmOptions())
                .jvmOptions(jvmOptions)
                .arguments("--client", setup.library().toString(),
                        "--url", server.httpsUrl() + "/delay/" + delay, "--ca-file", server.caFile().toString())
                .arguments(form.arguments())
                .delaySeconds(delay)
                .within(Duration.ofSeconds(90));
        if (!setup.http2()) {
            program.arguments("--http1");
        }
        server.resetHeld();
        Observation seen = program.observe();
        HeldRequests held = server.held();
        return seen.withServer(held.peak(), held.mean());
    }

    /** The test above asserts that these are what is observed. */
    @Test
    void the_readmes_table_has_these_verdicts() throws IOException {
        List<String> table = Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.startsWith("| client |"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        Stream<String> header = Stream.of(row("client", List.of(Form.values())), "|---|---|---|---|---|");
        Stream<String> rows = Stream.of(Setup.values()).map(setup ->
                row(setup, Stream.of(Form.values()).map(form -> expected(setup, form)).toList()));
        assertThat(table).containsExactlyElementsOf(Stream.concat(header, rows).toList());
    }

    private static String row(Object first, List<?> others) {
        return Stream.concat(Stream.of(first), others.stream()).map(Object::toString)
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
