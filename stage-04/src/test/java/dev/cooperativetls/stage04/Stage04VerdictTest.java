package dev.cooperativetls.stage04;

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
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tlschannel.WouldBlockException;

/**
 * {@code mvn -P verdict-tests -pl stage-04 -am verify}
 *
 * <p>The patch adds {@code readInto} to the wrapper, so both read calls are fast. If the unpatched wrapper comes first
 * on the class path, {@code readInto} is slow again.
 */
class Stage04VerdictTest {

    private static final String WRAPPED_SOCKET = "dev.cooperativetls.altprovider.WrappedSocket";
    private static final String POLL = "dev.cooperativetls.altprovider.Poll.poll";

    private static Path stage;
    @AutoClose
    private static DelayServer server;

    @BeforeAll
    static void start_server() throws IOException {
        stage = PackagedJar.of(Stage04VerdictTest.class);
        server = TlsServer.start();
    }

    @Test
    void read_is_fast() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("read")))
                .isFast().hasServerPeak(10).hasSocketClass(WRAPPED_SOCKET).isBlockedByNobody();
    }

    @Test
    void read_into_is_fast() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("readInto")))
                .isFast().hasServerPeak(10).hasSocketClass(WRAPPED_SOCKET).isBlockedByNobody();
    }

    @Test
    void read_into_is_slow_again_with_the_patch_off() throws Exception {
        Path unpatched = stage.resolve(
                "../../../common/experiment/cooperative-wrapper/target/cooperative-wrapper.jar").normalize();
        var patchOff = Observer.ofClassPath(unpatched + File.pathSeparator + stage, FetchRun.PROGRAM)
                .jvmOptions("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");
        assertThat(FetchRun.ofTenPages("readInto").delaying(0.5).observe(patchOff, server))
                .isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
    }

    @Test
    void the_patched_wrapper_overrides_every_blocking_call() {
        assertThat(coverage().gaps()).isEmpty();
        assertThat(coverage().covered()).containsExactly("handshake", "read", "readInto", "shutdown", "write");
    }

    private static WrapperCoverage coverage() {
        return WrapperCoverage.of(CooperativeConnection.class, ForwardingConnection.class, Connection.class,
                WouldBlockException.class);
    }

    private static Observation observe(FetchRun run) throws IOException, InterruptedException {
        return run.observe(Observer.ofJar(stage), server);
    }
}
