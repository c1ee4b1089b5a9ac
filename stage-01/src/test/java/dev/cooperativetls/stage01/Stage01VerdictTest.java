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
 * <p>The alternative provider is on the class path, and the pages arrive one after another, because the carrier is
 * blocked in {@code poll}. The controls exclude other explanations.
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

    /** The JDK's event for pinned threads does not report the wait, because the thread never parks. */
    @Test
    void read_into_is_slow_and_no_pinning_is_reported() throws Exception {
        Observation seen = observe(FetchRun.ofTenPages("readInto").delaying(0.5));

        assertThat(seen).isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
        assertThat(seen.carrierBlocks()).filteredOn(block -> block.kind() == Kind.PINNED)
                .allSatisfy(pinned -> assertThat(pinned.stack()).doesNotContain(POLL))
                // Class loading may pin a thread for a moment, which does not explain the ten seconds.
                .extracting(CarrierBlock::share).allSatisfy(share -> assertThat(share).isLessThan(0.05));
    }

    /** So neither the cipher nor BouncyCastle is the cause. */
    @Test
    void it_is_still_slow_over_the_jdks_own_engine() throws Exception {
        Observation seen = FetchRun.ofTenPages("readInto").delaying(0.5)
                .observe(Observer.ofJar(stage).jvmOptions("-Dcooperativetls.engine=jdk"), server);

        assertThat(seen).isSlow().hasServerPeak(1).hasSocketClass(WRAPPED_SOCKET).isBlockedBy(POLL);
        assertThat(seen.provider()).contains("jdk engine");
    }

    /** So neither the server nor the pool is the cause. */
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
