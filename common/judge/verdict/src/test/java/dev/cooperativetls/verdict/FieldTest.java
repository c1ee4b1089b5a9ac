package dev.cooperativetls.verdict;

import static dev.cooperativetls.verdict.ObservationAssert.assertThat;

import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import dev.cooperativetls.verdict.FieldProgram.Case;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.Assertions;
import org.conscrypt.OpenSSLProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.Function;

/**
 * Observes programs like those of public bug reports, whose culprits are known. The judge must name the right culprit
 * and no other. {@link CulpritTest} has the programs that need no library and no server.
 */
@Tag("long")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FieldTest {

    private static final Certificate CA = Certificate.authority("CA");

    @AfterEach
    void nothing_is_left_behind() {
        Leftovers.assertNone();
    }

    /** For example server-sent events. */
    @ParameterizedTest
    @EnumSource(names = {"READS_A_PLAIN_SOCKET", "READS_A_PLAIN_SOCKET_AT_INTERVALS"})
    void answers_that_begin_at_once_and_take_a_second_to_end_overlap(Case what) throws Exception {
        try (var server = server(Duration.ZERO, Duration.ofSeconds(1))) {
            assertThat(observe(what, server)).isFast().isBlockedByNobody();
        }
    }

    @Test
    void answers_that_begin_after_a_second_overlap() throws Exception {
        try (var server = server(Duration.ofSeconds(1), Duration.ZERO)) {
            assertThat(observe(Case.READS_A_PLAIN_SOCKET, server)).isFast().isBlockedByNobody();
        }
    }

    @Test
    void answers_that_take_no_time_are_not_slow() throws Exception {
        try (var server = server(Duration.ZERO, Duration.ZERO)) {
            assertIsFastOrWithoutVerdict(observe(Case.READS_A_PLAIN_SOCKET, server));
        }
    }

    @Test
    void answers_over_tls_whose_bodies_come_later_are_not_slow_and_have_no_culprit(@TempDir Path folder)
            throws Exception {
        SSLContext tls = CA.sign().serverContext();
        try (var server = new RawServer(plain -> RawServer.serve(JdkTlsServer.over(plain, tls), (_, socket) -> {
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n");
            Thread.sleep(1_000);
            RawServer.send(socket, "x");
            socket.close();
        }))) {
            assertIsFastOrWithoutVerdict(observe(Case.READS_BY_HTTP_URL_CONNECTION, server, CA.pemFile(folder)));
        }
    }

    @Test
    void requests_that_count_as_sent_too_early_do_not_make_a_native_wait_fast() throws Exception {
        assertThat(observe(Case.SAYS_SENT_BEFORE_A_SLEEP)).isSlow()
                .isBlockedBy(BlockingProgram.Native.class.getName() + ".poll");
    }

    @ParameterizedTest
    @EnumSource(names = {"SAYS_SENT_BEFORE_A_POOL", "COMPUTES_IN_SQLITE"})
    void long_statements_of_sqlite_are_slow_and_compute_in_native_code(Case what) throws Exception {
        Observation seen = observe(what);

        if (seen.verdict().isEmpty()) { // on a full machine some statements take much longer than others
            Assertions.assertThat(seen.reason()).as(seen.describe()).contains("but carriers blocked for");
        } else {
            assertThat(seen).isSlow();
            CulpritTest.assertComputesInNativeCode(seen, "org.sqlite.core.NativeDB.step");
        }
    }

    @Test
    void a_callback_that_parks_is_not_to_blame() throws Exception {
        Observation seen = observe(Case.PARKS_IN_A_FUNCTION_OF_SQLITE);

        assertThat(seen).isSlow().isBlockedBy("org.sqlite.core.NativeDB.step");
        assertCulprit(seen, Kind.PINNED, "parked in " + FieldProgram.class.getName() + ".ask");
    }

    /** The handshakes come one after another, at any delay of the answers. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 2})
    void a_trust_manager_that_parks_in_a_native_handshake_is_not_fast(double delay) throws Exception {
        SSLContext tls = CA.sign().serverContext();
        try (var server = new RawServer(plain -> RawServer.serve(JdkTlsServer.over(plain, tls), (page, socket) -> {
            Thread.sleep((long) (1000 * delay));
            RawServer.valid(page, socket);
        }))) {
            Observation seen = observe(Case.PARKS_IN_A_TRUST_MANAGER_OF_CONSCRYPT, server);

            boolean remarked = seen.remarks().stream().anyMatch(remark -> remark.contains("before their requests"));
            boolean slow = !seen.verdict().equals(Optional.of(Verdict.FAST));
            Assertions.assertThat(slow || remarked).as(seen.describe()).isTrue();
            Assertions.assertThat(seen.carrierBlocks().getFirst()).as(seen.describe()).satisfies(block -> {
                Assertions.assertThat(block.frame()).startsWith("org.conscrypt.NativeCrypto.");
                Assertions.assertThat(block.kind()).isEqualTo(Kind.PINNED);
                Assertions.assertThat(block.detail()).contains("parked in " + FieldProgram.class.getName() + ".ask");
            });
        }
    }

    @Test
    void a_computation_is_not_to_blame_for_a_queue_at_a_pool_of_one() throws Exception {
        Observation seen = observe(Case.QUEUES_FOR_A_POOL_OF_ONE);

        assertThat(seen).isSlow().isBlockedByNobody();
        Assertions.assertThat(seen.remarks()).singleElement().asString().contains("look for a lock, a pool");
    }

    private static void assertIsFastOrWithoutVerdict(Observation seen) {
        Assertions.assertThat(seen.valid()).as(seen.describe()).isEqualTo(10);
        Assertions.assertThat(seen.verdict().orElse(Verdict.FAST)).as(seen.describe()).isEqualTo(Verdict.FAST);
        Assertions.assertThat(seen.culprit()).as(seen.describe()).isEmpty();
    }

    private static void assertCulprit(Observation seen, Kind kind, String detail) {
        CarrierBlock culprit = seen.culprit().orElseThrow();
        Assertions.assertThat(culprit.kind()).as(seen.describe()).isEqualTo(kind);
        Assertions.assertThat(culprit.detail()).as(seen.describe()).contains(detail);
        Assertions.assertThat(culprit.share()).as(seen.describe()).isGreaterThan(0.5);
    }

    /** Returns a server that answers with two bytes, each after a delay. */
    private static RawServer server(Duration untilBegin, Duration untilEnd) throws IOException {
        return new RawServer((RawServer.Connection) socket -> {
            try (socket) {
                socket.getInputStream().read();
                Thread.sleep(untilBegin);
                socket.getOutputStream().write('h');
                Thread.sleep(untilEnd);
                socket.getOutputStream().write('b');
            }
        });
    }

    private static Observation observe(Case what, RawServer server) throws IOException, InterruptedException {
        return program(what).arguments(Integer.toString(server.port())).observe();
    }

    private static Observation observe(Case what, RawServer server, Path caFile)
            throws IOException, InterruptedException {
        return program(what).arguments(Integer.toString(server.port()), caFile.toString()).observe();
    }

    private static Observation observe(Case what) throws IOException, InterruptedException {
        return program(what).observe();
    }

    private static Observer program(Case what) {
        return Programs.observer(FieldProgram.class, Programs.classes(Function.class),
                Programs.classes(OpenSSLProvider.class)).arguments(what.name());
    }
}
