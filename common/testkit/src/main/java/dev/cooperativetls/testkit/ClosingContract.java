package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The contract of closing and interrupting: every waiting thread is woken. */
@SuppressWarnings("try") // many tests close a resource by hand
interface ClosingContract extends SocketUnderTest {

    @EveryMode
    default void close_ends_a_waiting_read(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                SSLSocket socket = connect(mode, peer)) {
            var reader = mode.start(() -> socket.getInputStream().read());
            reader.waitsIn();
            socket.close();
            assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
            peer.end(); // the peer has received close_notify
        }
    }

    @EveryMode
    default void close_ends_a_stuck_write(SocketMode mode) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> over.await()); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = mode.start(() -> {
                socket.getOutputStream().write(random(MUCH));
            });
            writer.waitsIn();
            socket.close();
            assertThatThrownBy(writer::result).isInstanceOf(SocketException.class);
            over.countDown();
        }
    }

    @EveryMode
    default void close_ends_a_waiting_handshake(SocketMode mode) throws Exception {
        try (Peer peer = Peer.silent(); SSLSocket socket = connectOnly(mode, peer)) {
            var shaking = mode.start(() -> {
                socket.startHandshake();
            });
            shaking.waitsIn();
            socket.close();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    /** SunJSSE sends two alerts, user_canceled and close_notify. */
    @EveryMode
    default void close_sends_an_alert_to_a_peer_that_has_not_answered_the_handshake(SocketMode mode) throws Exception {
        try (Peer peer = Peer.plain(plain -> {
            byte[] header = plain.getInputStream().readNBytes(5); // of the record with the client's hello
            plain.getInputStream().skipNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
            assertThat(plain.getInputStream().readAllBytes()).startsWith(21); // the type of an alert
        }); SSLSocket socket = connectOnly(mode, peer)) {
            var shaking = mode.start(() -> {
                socket.startHandshake();
            });
            shaking.waitsIn();
            socket.close();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    /** In TLS 1.3 the client sends the last message of the handshake, so the test is for TLS 1.2. */
    @EveryMode(protocols = "TLSv1.2")
    default void close_before_the_last_message_of_the_handshake_is_a_clean_end_for_the_peer(SocketMode mode)
            throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (Peer peer = Peer.plain(plain -> {
            Wire wire = new Wire(plain);
            try (SSLSocket tls = JdkTlsServer.over(wire, mode.protocol())) {
                wire.hold();
                tls.startHandshake();
                last.countDown();
                closed.await();
                byte[] finished = wire.taken();
                wire.send(finished, 0, finished.length);
                assertThat(tls.getInputStream().read()).isEqualTo(-1);
            }
        }); SSLSocket socket = connectOnly(mode, peer)) {
            var shaking = mode.start(() -> {
                socket.startHandshake();
            });
            last.await();
            shaking.waitsIn();
            socket.close();
            closed.countDown();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    /** Every wait of the close succeeds, but close_notify is behind a record that the peer reads in many pieces. */
    @EveryMode(protocols = "TLSv1.3", oncePerEngine = true)
    default void close_gives_up_although_the_peer_still_reads_a_few_bytes_at_times(SocketMode mode) throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (Peer peer = Peer.plainWithSmallBuffer(plain -> {
            JdkTlsServer.over(plain, mode.protocol()).startHandshake();
            stuck.await();
            boolean gaveUp = false;
            for (int i = 0; i < 10 && !gaveUp; i++) { // the whole record would need 20 of these reads
                plain.getInputStream().read(new byte[1_000]);
                gaveUp = closed.await(250, TimeUnit.MILLISECONDS);
            }
            assertThat(gaveUp).as("close() has returned").isTrue();
        }); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(1);
            socket.setSoTimeout(20);
            assertThatThrownBy(() -> mode.run(() -> {
                socket.getOutputStream().write(random(MUCH));
            })).isInstanceOf(SocketTimeoutException.class);
            stuck.countDown();
            mode.run(() -> {
                socket.close();
            });
            closed.countDown();
            peer.end();
        }
    }

    @EveryMode
    default void an_interrupt_closes_the_socket_of_a_virtual_thread_but_not_of_a_platform_thread(SocketMode mode)
            throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            go.await();
            tls.getOutputStream().write(HELLO);
        }); SSLSocket socket = connect(mode, peer)) {
            AtomicBoolean kept = new AtomicBoolean();
            var reader = mode.start(() -> {
                try {
                    return socket.getInputStream().readNBytes(HELLO.length);
                } finally {
                    kept.set(Thread.currentThread().isInterrupted());
                }
            });
            reader.waitsIn();
            reader.thread().interrupt();
            if (mode.virtual()) {
                assertThatThrownBy(reader::result).isInstanceOf(SocketException.class)
                        .hasMessage("Closed by interrupt");
                assertThat(socket.isClosed()).isTrue();
                go.countDown();
            } else {
                go.countDown();
                assertThat(reader.result()).isEqualTo(HELLO);
            }
            assertThat(kept).isTrue();
        }
    }

    @EveryMode
    default void closing_either_stream_closes_the_socket_and_closing_again_does_nothing(SocketMode mode)
            throws Exception {
        for (boolean input : new boolean[] {true, false}) {
            try (Peer peer = Peer.tls(mode.protocol(), (tls, _) ->
                    assertThat(tls.getInputStream().read()).isEqualTo(-1));
                    SSLSocket socket = connect(mode, peer)) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                mode.run(() -> {
                    (input ? in : out).close();
                    socket.close();
                    in.close();
                    out.close();
                });
                assertThat(socket.isClosed()).isTrue();
                assertThat(socket.getSession().getProtocol()).isEqualTo(mode.protocol());
                assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessage("Socket closed");
                assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
                assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SocketException.class);
                peer.end();
            }
        }
    }

    @EveryMode
    default void an_interrupt_ends_a_handshake_and_a_write_of_a_virtual_thread(SocketMode mode) throws Exception {
        if (!mode.virtual()) {
            return; // on a platform thread the socket ignores an interrupt, see above
        }
        try (Peer peer = Peer.silent(); SSLSocket socket = connectOnly(mode, peer)) {
            var shaking = mode.start(() -> {
                socket.startHandshake();
            });
            shaking.waitsIn();
            shaking.thread().interrupt();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(socket.isClosed()).isTrue();
            peer.end();
        }
        CountDownLatch over = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> over.await()); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = mode.start(() -> {
                socket.getOutputStream().write(random(MUCH));
            });
            writer.waitsIn();
            writer.thread().interrupt();
            assertThatThrownBy(writer::result).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(socket.isClosed()).isTrue();
            over.countDown();
        }
    }

    @EveryMode
    @EnabledOnOs(OS.LINUX)
    default void close_and_an_interrupt_end_a_waiting_connect(SocketMode mode) throws Exception {
        try (DeafServer deaf = new DeafServer()) {
            for (boolean byClose : mode.virtual() ? new boolean[] {true, false} : new boolean[] {true}) {
                SSLSocket socket = client(mode);
                var connecting = mode.start(() -> {
                    socket.connect(deaf.address());
                });
                connecting.connects();
                if (byClose) {
                    socket.close();
                } else {
                    connecting.thread().interrupt();
                }
                assertThatThrownBy(connecting::result).isInstanceOf(SocketException.class);
                assertThat(socket.isClosed()).isTrue();
            }
        }
    }
}
