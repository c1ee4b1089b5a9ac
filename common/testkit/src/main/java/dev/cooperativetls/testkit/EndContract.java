package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/** The contract of a stream's end: only close_notify is a clean end. */
@SuppressWarnings("try") // many tests close a resource by hand
interface EndContract extends SocketUnderTest {

    @EveryMode
    default void close_notify_is_the_end_at_every_later_read(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> tls.getOutputStream().write(HELLO));
                SSLSocket socket = connect(mode, peer)) {
            mode.run(() -> {
                InputStream in = socket.getInputStream();
                assertThat(in.readAllBytes()).isEqualTo(HELLO);
                assertThat(in.read()).isEqualTo(-1);
                assertThat(in.read(new byte[10])).isEqualTo(-1);
                assertThat(in.readAllBytes()).isEmpty();
            });
            peer.end();
        }
    }

    @EveryMode
    default void a_stream_cut_off_without_close_notify_is_an_error_at_every_later_read(SocketMode mode)
            throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            tls.getOutputStream().write(HELLO);
            wire.close();
        }); SSLSocket socket = connect(mode, peer)) {
            mode.run(() -> {
                InputStream in = socket.getInputStream();
                assertThat(in.readNBytes(HELLO.length)).isEqualTo(HELLO);
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class).hasMessageContaining("cut off");
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class).hasMessageContaining("cut off");
            });
        }
    }

    @EveryMode
    default void a_record_cut_off_in_the_middle_is_an_error(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(HELLO);
            byte[] record = wire.taken();
            wire.send(record, 0, record.length - 1);
            wire.close();
        }); SSLSocket socket = connect(mode, peer)) {
            assertThatThrownBy(() -> read(mode, socket))
                    .isInstanceOf(SSLException.class).hasMessageContaining("cut off");
        }
    }

    @EveryMode
    default void a_changed_record_is_an_error_and_the_peer_gets_an_alert(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(HELLO);
            byte[] record = wire.taken();
            record[record.length - 1] ^= 1;
            wire.send(record, 0, record.length);
            assertThatThrownBy(() -> tls.getInputStream().read()).isInstanceOf(SSLException.class)
                    .hasMessageContaining("bad_record_mac");
        }); SSLSocket socket = connect(mode, peer)) {
            mode.run(() -> {
                InputStream in = socket.getInputStream();
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class);
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class);
            });
            peer.end();
        }
    }

    /** The send buffer is full, so the alert has to wait for the rest of a record. */
    @EveryMode(oncePerEngine = true)
    default void an_alert_does_not_tear_a_record_that_is_half_sent(SocketMode mode) throws Exception {
        record Half(boolean writerWaits, boolean closes) {}

        for (Half half : List.of(new Half(true, false), new Half(true, true), new Half(false, true))) {
            CountDownLatch stuck = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
                stuck.await();
                wire.hold();
                tls.getOutputStream().write(HELLO);
                byte[] record = wire.taken();
                record[record.length - 1] ^= 1;
                wire.send(record, 0, record.length);
                go.await();
                assertThatThrownBy(() -> tls.getInputStream().transferTo(OutputStream.nullOutputStream()))
                        .as(half.toString()).isInstanceOf(SSLException.class).hasMessageContaining("bad_record_mac");
            }); SSLSocket socket = connect(mode, peer)) {
                socket.setSendBufferSize(SMALL);
                socket.setSoTimeout(half.writerWaits ? 0 : 20);
                // On a platform thread, because a virtual writer may block the only carrier, which the reader needs.
                var writer = mode.onThreads(false).start(() -> {
                    socket.getOutputStream().write(random(MUCH));
                });
                if (half.writerWaits) {
                    writer.waitsIn();
                } else {
                    assertThatThrownBy(writer::result).isInstanceOf(SocketTimeoutException.class);
                    socket.setSoTimeout(0);
                }
                stuck.countDown();
                assertThatThrownBy(() -> read(mode, socket)).isInstanceOf(SSLException.class);
                if (half.closes) {
                    var closing = mode.start(() -> {
                        socket.close();
                    });
                    closing.waits();
                    go.countDown();
                    closing.result();
                }
                go.countDown();
                assertThatThrownBy(writer::result).isInstanceOf(IOException.class);
                socket.close();
                peer.end();
            }
        }
    }

    @EveryMode
    default void a_reset_is_reported_as_a_socket_exception(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (_, wire) -> {
            wire.reset();
        }); SSLSocket socket = connect(mode, peer)) {
            peer.end();
            assertThatThrownBy(() -> read(mode, socket))
                    .isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @EveryMode
    default void after_the_output_is_shut_down_the_peer_reads_the_end_and_nothing_can_be_written(SocketMode mode)
            throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) ->
                assertThat(tls.getInputStream().readAllBytes()).isEqualTo(HELLO));
                SSLSocket socket = connect(mode, peer)) {
            mode.run(() -> {
                OutputStream out = socket.getOutputStream();
                out.write(HELLO);
                socket.shutdownOutput();
                socket.shutdownOutput();
                assertThat(socket.isOutputShutdown()).isTrue();
                assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
                // TLS 1.3 allows this read, but the connection does not. The read must not return an end of stream.
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
                assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
            });
            peer.end();
        }
    }

    @EveryMode
    default void an_empty_stream_ends(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = connect(mode, peer)) {
            assertThat(readAll(mode, socket)).isEmpty();
            peer.end();
        }
    }

    /** With {@code closeNotify=optional} a stream ends where it ends with SunJSSE. */
    @EveryMode
    default void with_optional_close_notify_a_stream_ends_as_with_sunjsse(SocketMode mode) throws Exception {
        SSLContext sun = SSLContext.getInstance("TLS", "SunJSSE");
        sun.init(null, Peer.CERTIFICATE.trustManagers(), null);
        SSLContext lenient = form().context(mode, WrapperForm.OPTIONAL, null, Peer.CERTIFICATE.trustManagers());
        for (boolean midway : new boolean[] {false, true}) {
            for (SSLContext context : new SSLContext[] {sun, lenient}) {
                try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
                    tls.getOutputStream().write(HELLO);
                    if (midway) {
                        wire.hold();
                        tls.getOutputStream().write(HELLO);
                        byte[] record = wire.taken();
                        wire.send(record, 0, record.length - 1);
                    }
                    wire.close();
                }); SSLSocket socket = unconnected(context)) {
                    connect(mode, socket, peer);
                    assertThat(readAll(mode, socket)).isEqualTo(HELLO);
                }
            }
        }
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().read(new byte[20_000]));
                SSLSocket socket = unconnected(lenient)) {
            assertThatThrownBy(() -> connect(mode, socket, peer)).as("a handshake is never optional")
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @EveryMode
    default void closing_after_a_reset_is_no_error(SocketMode mode) throws Exception {
        for (boolean noticed : new boolean[] {true, false}) {
            try (Peer peer = Peer.tls(mode.protocol(), (_, wire) -> wire.reset())) {
                SSLSocket socket = connect(mode, peer);
                peer.end();
                mode.run(() -> {
                    if (noticed) {
                        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
                    }
                    socket.close();
                    socket.close();
                });
                assertThat(socket.isClosed()).isTrue();
            }
        }
    }
}
