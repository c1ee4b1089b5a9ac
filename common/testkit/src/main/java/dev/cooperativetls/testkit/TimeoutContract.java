package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The contract of timeouts: a timeout is reported, and no byte is lost. */
@SuppressWarnings("try") // many tests close a resource by hand
interface TimeoutContract extends SocketUnderTest {

    @EveryMode
    default void a_read_that_times_out_loses_nothing(SocketMode mode) throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(HELLO);
            byte[] record = wire.taken();
            wire.send(record, 0, record.length / 2);
            half.countDown();
            go.await();
            wire.send(record, record.length / 2, record.length);
        }); SSLSocket socket = connect(mode, peer)) {
            half.await();
            mode.run(() -> {
                InputStream in = socket.getInputStream();
                for (int millis : new int[] {1, 20}) {
                    socket.setSoTimeout(millis);
                    assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class)
                            .hasMessage("Read timed out");
                }
                assertThat(socket.isClosed()).isFalse();
                go.countDown();
                socket.setSoTimeout(0);
                assertThat(in.readAllBytes()).isEqualTo(HELLO);
            });
            peer.end();
        }
    }

    @EveryMode
    default void a_handshake_with_a_silent_peer_times_out_and_closes_the_socket(SocketMode mode) throws Exception {
        try (Peer peer = Peer.silent(); SSLSocket socket = connectOnly(mode, peer)) {
            socket.setSoTimeout(20);
            assertThatThrownBy(() -> mode.run(() -> {
                socket.startHandshake();
            })).isInstanceOf(SocketTimeoutException.class).hasMessage("Read timed out");
            assertThat(socket.isClosed()).isTrue();
            peer.end();
        }
    }

    @EveryMode
    @EnabledOnOs(OS.LINUX)
    default void a_slow_connect_times_out_and_closes_the_socket(SocketMode mode) throws Exception {
        try (DeafServer deaf = new DeafServer(); SSLSocket socket = client(mode)) {
            assertThatThrownBy(() -> mode.run(() -> {
                socket.connect(deaf.address(), 20);
            })).isInstanceOf(SocketTimeoutException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }
}
