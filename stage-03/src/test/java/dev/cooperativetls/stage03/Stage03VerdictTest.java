package dev.cooperativetls.stage03;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.altprovider.Connection;
import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.TlsServer;
import dev.cooperativetls.verdict.FetchRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.PackagedJar;
import dev.cooperativetls.verdict.WrapperCoverage;
import dev.cooperativetls.wrapper.CooperativeConnection;
import dev.cooperativetls.wrapper.ForwardingConnection;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tlschannel.WouldBlockException;

/**
 * {@code mvn -P verdict-tests -pl stage-03 -am verify}
 *
 * <p>The jars are those of stage-02. But the streams call {@code readInto}, as newer runtimes do. The wrapper does not
 * override it, so the call goes to the connection below, and the socket waits in {@code poll}.
 */
class Stage03VerdictTest {

    private static final String WRAPPED_SOCKET = "dev.cooperativetls.altprovider.WrappedSocket";
    private static final String POLL = "dev.cooperativetls.altprovider.Poll.poll";

    private static Path stage;
    @AutoClose
    private static DelayServer server;

    @BeforeAll
    static void start_server() throws IOException {
        stage = PackagedJar.of(Stage03VerdictTest.class);
        server = TlsServer.start();
    }

    /** The control, which differs only in the read call. */
    @Test
    void read_is_fast() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("read")))
                .isFast().hasServerPeak(10).hasSocketClass(WRAPPED_SOCKET).isBlockedByNobody();
    }

    @Test
    void read_into_is_slow() throws Exception {
        Observation seen = observe(FetchRun.ofTenPages("readInto").delaying(0.5));

        assertThat(seen).isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
        assertThat(seen.provider()).contains("wrapped by CooperativeWrapper");
    }

    /** Finds the bug without a run. */
    @Test
    void the_wrapper_overrides_every_blocking_call_except_read_into() {
        assertThat(coverage().gaps()).containsExactly("readInto");
        assertThat(coverage().covered()).containsExactly("handshake", "read", "shutdown", "write");
    }

    private static WrapperCoverage coverage() {
        return WrapperCoverage.of(CooperativeConnection.class, ForwardingConnection.class, Connection.class,
                WouldBlockException.class);
    }

    private static Observation observe(FetchRun run) throws IOException, InterruptedException {
        return run.observe(Observer.ofJar(stage), server);
    }
}
