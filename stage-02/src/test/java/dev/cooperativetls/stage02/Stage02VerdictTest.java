package dev.cooperativetls.stage02;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.server.DelayServer;
import dev.cooperativetls.server.TlsServer;
import dev.cooperativetls.verdict.FetchRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.PackagedJar;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -P verdict-tests -pl stage-02 -am verify}
 *
 * <p>The sockets call the wrapper, which waits on its hub. The streams call {@code read}, which the wrapper overrides.
 * With the same engine and the same server the stage is fast.
 */
class Stage02VerdictTest {

    private static final String WRAPPED_SOCKET = "dev.cooperativetls.altprovider.WrappedSocket";

    private static Path stage;
    @AutoClose
    private static DelayServer server;

    @BeforeAll
    static void start_server() throws IOException {
        stage = PackagedJar.of(Stage02VerdictTest.class);
        server = TlsServer.start();
    }

    @Test
    void read_is_fast() throws Exception {
        Observation seen = observe(FetchRun.ofTenPages("read"));

        assertThat(seen).isFast().hasServerPeak(10).hasSocketClass(WRAPPED_SOCKET).isBlockedByNobody();
        assertThat(seen.provider()).contains("bouncycastle engine", "wrapped by CooperativeWrapper");
    }

    private static Observation observe(FetchRun run) throws IOException, InterruptedException {
        return run.observe(Observer.ofJar(stage), server);
    }
}
