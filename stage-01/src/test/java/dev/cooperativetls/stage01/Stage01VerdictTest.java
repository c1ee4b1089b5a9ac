package dev.cooperativetls.stage01;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
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
 * {@code mvn -P verdict-tests -pl stage-01 -am verify}
 *
 * <p>The alternative provider lies on the class path, and the pages come in one after another: the carrier sits in
 * {@code poll}. The controls leave no other explanation standing.
 */
class Stage01VerdictTest {

    private static final String WRAPPED_SOCKET = "dev.cooperativetls.altprovider.WrappedSocket";
    private static final String POLL = "dev.cooperativetls.altprovider.Poll.poll";

    private static Path stage;
    @AutoClose
    private static DelayServer server;

    @BeforeAll
    static void start_server() throws IOException {
        stage = PackagedJar.of(Stage01VerdictTest.class);
        server = TlsServer.start();
    }

    @Test
    void read_is_slow() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("read").delaying(0.5)))
                .isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
    }

    /** And the JDK's own event for a carrier that cannot be left says nothing: the thread never parks. */
    @Test
    void read_into_is_slow_and_no_pinning_is_reported() throws Exception {
        Observation seen = observe(FetchRun.ofTenPages("readInto").delaying(0.5));

        assertThat(seen).isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
        assertThat(seen.carrierBlocks()).filteredOn(block -> block.kind() == Kind.PINNED)
                .allSatisfy(pinned -> assertThat(pinned.stack()).doesNotContain(POLL))
                // Class loading may pin for a moment; it is not what the ten seconds went to.
                .extracting(CarrierBlock::share).allSatisfy(share -> assertThat(share).isLessThan(0.05));
    }

    /** So it is neither the cipher nor BouncyCastle. */
    @Test
    void it_is_still_slow_over_the_jdks_own_engine() throws Exception {
        Observation seen = FetchRun.ofTenPages("readInto").delaying(0.5)
                .observe(Observer.ofJar(stage).jvmOptions("-Dcooperativetls.engine=jdk"), server);

        assertThat(seen).isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
        assertThat(seen.provider()).contains("jdk engine");
    }

    /** So it is neither the server nor the pool. */
    @Test
    void it_is_fast_on_platform_threads() throws Exception {
        assertThat(FetchRun.ofTenPages("readInto")
                .observe(Observer.ofJar(stage).arguments("--threads", "platform"), server))
                .isFast().hasServerPeak(10).hasSocketClass(WRAPPED_SOCKET).isBlockedByNobody();
    }

    @Test
    void two_carriers_have_two_pages_at_a_time() throws Exception {
        assertThat(observe(FetchRun.ofTenPages("readInto").delaying(0.5).onCarriers(2)))
                .isSlow().hasServerPeak(2).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
    }

    private static Observation observe(FetchRun run) throws IOException, InterruptedException {
        return run.observe(Observer.ofJar(stage), server);
    }
}
