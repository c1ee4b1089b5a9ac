package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a {@link WrappedSocket} must do and survive, whoever wraps its connection. Each subclass says who; each test
 * runs in every {@link Way}.
 */
@SuppressWarnings("try") // closing is what many of the tests are about
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SocketContract {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    /** A send buffer, and more than it and the peer's receive buffer hold. */
    private static final int SMALL = 1 << 14;
    private static final int MUCH = 2_000_000;

    /** Who wraps the connections. */
    abstract Optional<ConnectionWrapper> wrapper();

    /** Which class makes a thread wait that reads from the socket: {@code Poll} or {@code Hub}. */
    abstract String readerWaitsIn(Way way);

    static Stream<Way> ways() {
        return Way.all();
    }

    // Reading

    @ParameterizedTest
    @MethodSource("ways")
    void every_way_to_read_gives_the_bytes_in_order(Way way) throws Exception {
        byte[] sent = random(100_000);
        sent[0] = (byte) 0xff;
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> tls.getOutputStream().write(sent));
                SSLSocket socket = connect(way, peer)) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            way.run(() -> {
                InputStream in = socket.getInputStream();
                assertThat(in.available()).isZero();
                got.write(in.read());
                byte[] some = new byte[10];
                got.write(some, 0, in.read(some));
                int offset = in.read(some, 3, 4);
                got.write(some, 3, offset);
                got.write(in.readNBytes(20_000));
                long skipped = in.skip(100);
                got.write(sent, got.size(), (int) skipped);
                byte[] exactly = new byte[1_000];
                got.write(exactly, 0, in.readNBytes(exactly, 0, 1_000));
                in.skipNBytes(5);
                got.write(sent, got.size(), 5);
                got.write(in.readNBytes(30_000));
                in.transferTo(got);
                assertThat(in.readAllBytes()).isEmpty();
                return null;
            });
            assertThat(got.toByteArray()).isEqualTo(sent);
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_read_or_write_of_length_zero_does_nothing(Way way) throws Exception {
        try (Peer peer = Peer.plain(plain -> assertThat(plain.getInputStream().read()).isEqualTo(-1))) {
            try (SSLSocket socket = client(way)) {
                socket.connect(peer.address());
                way.run(() -> {
                    socket.getOutputStream().write(new byte[0]);
                    assertThat(socket.getInputStream().read(new byte[0])).isZero();
                    assertThat(socket.getInputStream().readNBytes(0)).isEmpty();
                    return null;
                });
            }
            peer.end(); // not even the handshake was begun
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void records_that_have_come_are_read_without_a_wait(Way way) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            wire.hold();
            for (byte one : HELLO) {
                tls.getOutputStream().write(one);
            }
            byte[] records = wire.taken();
            wire.send(records, 0, records.length);
            sent.countDown();
            read.await(); // says nothing more until all is read
        }); SSLSocket socket = connect(way, peer)) {
            sent.await();
            assertThat(way.run(() -> socket.getInputStream().readNBytes(HELLO.length))).isEqualTo(HELLO);
            read.countDown();
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void records_that_come_a_byte_at_a_time_are_intact(Way way) throws Exception {
        byte[] sent = random(300);
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(sent);
            byte[] record = wire.taken();
            for (int i = 0; i < record.length; i++) {
                wire.send(record, i, i + 1);
            }
        }); SSLSocket socket = connect(way, peer)) {
            assertThat(way.run(() -> socket.getInputStream().readAllBytes())).isEqualTo(sent);
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_reader_waits_where_it_should(Way way) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> {
            go.await();
            tls.getOutputStream().write(HELLO);
        }); SSLSocket socket = connect(way, peer)) {
            assertThat(socket).isInstanceOf(WrappedSocket.class);
            var reader = way.start(() -> socket.getInputStream().readAllBytes());
            assertThat(reader.waitsIn()).isEqualTo(readerWaitsIn(way));

            if (way.virtual()) {
                Thread other = Thread.startVirtualThread(() -> {});
                if (readerWaitsIn(way).equals("Poll")) {
                    assertThat(other.join(Duration.ofMillis(100))).as("the only carrier is held").isFalse();
                } else {
                    other.join();
                }
            }
            go.countDown();
            assertThat(reader.result()).isEqualTo(HELLO);
            peer.end();
        }
    }

    // The end of the stream

    @ParameterizedTest
    @MethodSource("ways")
    void close_notify_is_the_end_at_every_later_read(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> tls.getOutputStream().write(HELLO));
                SSLSocket socket = connect(way, peer)) {
            way.run(() -> {
                InputStream in = socket.getInputStream();
                assertThat(in.readAllBytes()).isEqualTo(HELLO);
                assertThat(in.read()).isEqualTo(-1);
                assertThat(in.read(new byte[10])).isEqualTo(-1);
                assertThat(in.readAllBytes()).isEmpty();
                return null;
            });
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_stream_cut_off_without_close_notify_is_an_error_at_every_later_read(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            tls.getOutputStream().write(HELLO);
            wire.close();
        }); SSLSocket socket = connect(way, peer)) {
            way.run(() -> {
                InputStream in = socket.getInputStream();
                assertThat(in.readNBytes(HELLO.length)).isEqualTo(HELLO);
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class).hasMessageContaining("cut off");
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class).hasMessageContaining("cut off");
                return null;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_record_cut_off_in_the_middle_is_an_error(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(HELLO);
            byte[] record = wire.taken();
            wire.send(record, 0, record.length - 1);
            wire.close();
        }); SSLSocket socket = connect(way, peer)) {
            assertThatThrownBy(() -> way.run(() -> socket.getInputStream().read()))
                    .isInstanceOf(SSLException.class).hasMessageContaining("cut off");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_record_that_was_tampered_with_is_an_error_and_the_peer_is_alerted(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(HELLO);
            byte[] record = wire.taken();
            record[record.length - 1] ^= 1;
            wire.send(record, 0, record.length);
            assertThatThrownBy(() -> tls.getInputStream().read()).isInstanceOf(SSLException.class)
                    .hasMessageContaining("bad_record_mac");
        }); SSLSocket socket = connect(way, peer)) {
            way.run(() -> {
                InputStream in = socket.getInputStream();
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class);
                assertThatThrownBy(in::read).isInstanceOf(SSLException.class);
                return null;
            });
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_reset_is_a_socket_exception(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (_, wire) -> {
            wire.reset();
        }); SSLSocket socket = connect(way, peer)) {
            peer.end();
            assertThatThrownBy(() -> way.run(() -> socket.getInputStream().read()))
                    .isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void after_the_output_is_shut_down_the_peer_reads_the_end_and_nothing_can_be_written(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) ->
                assertThat(tls.getInputStream().readAllBytes()).isEqualTo(HELLO));
                SSLSocket socket = connect(way, peer)) {
            way.run(() -> {
                OutputStream out = socket.getOutputStream();
                out.write(HELLO);
                socket.shutdownOutput();
                socket.shutdownOutput();
                assertThat(socket.isOutputShutdown()).isTrue();
                assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
                // TLS 1.3 would allow it; the connection does not, and must not make it look like the peer's end.
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
                assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
                return null;
            });
            peer.end();
        }
    }

    // Writing

    @ParameterizedTest
    @MethodSource("ways")
    void all_bytes_go_out_once_however_long_the_peer_stalls(Way way) throws Exception {
        byte[] sent = random(MUCH);
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> {
            go.await();
            assertThat(Arrays.equals(tls.getInputStream().readAllBytes(), sent)).isTrue();
        }); SSLSocket socket = connect(way, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = way.start(() -> {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput(); // a close alone says goodbye only if that takes no waiting
                socket.close();
                return null;
            });
            writer.waitsIn();
            go.countDown();
            writer.result();
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void one_thread_reads_while_another_writes(Way way) throws Exception {
        byte[] sent = random(MUCH);
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> tls.getInputStream().transferTo(tls.getOutputStream()));
                SSLSocket socket = connect(way, peer)) {
            // Where waits hold the only carrier, two virtual threads would each wait for the other's turn.
            var reader = way.start(() -> socket.getInputStream().readNBytes(sent.length));
            boolean virtual = way.virtual() && readerWaitsIn(way).equals("Hub");
            Way other = new Way(way.readCall(), way.engine(), way.protocol(), virtual);
            other.run(() -> {
                new ByteArrayInputStream(sent).transferTo(socket.getOutputStream());
                return null;
            });
            assertThat(Arrays.equals(reader.result(), sent)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_write_after_the_peer_has_closed_is_an_error_and_no_spin(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (_, _) -> {}); SSLSocket socket = connect(way, peer)) {
            peer.end();
            way.run(() -> {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                assertThatThrownBy(() -> {
                    while (true) { // the first may still find room in a buffer of the system's
                        socket.getOutputStream().write(HELLO);
                    }
                }).isInstanceOf(SocketException.class);
                return null;
            });
        }
    }

    // Time-outs

    @ParameterizedTest
    @MethodSource("ways")
    void a_read_that_times_out_loses_nothing(Way way) throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(HELLO);
            byte[] record = wire.taken();
            wire.send(record, 0, record.length / 2);
            half.countDown();
            go.await();
            wire.send(record, record.length / 2, record.length);
        }); SSLSocket socket = connect(way, peer)) {
            half.await();
            way.run(() -> {
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
                return null;
            });
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_handshake_with_a_silent_peer_times_out_and_closes(Way way) throws Exception {
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().transferTo(OutputStream.nullOutputStream()));
                SSLSocket socket = client(way)) {
            socket.connect(peer.address());
            socket.setSoTimeout(20);
            assertThatThrownBy(() -> way.run(() -> {
                socket.startHandshake();
                return null;
            })).isInstanceOf(SocketTimeoutException.class).hasMessage("Read timed out");
            assertThat(socket.isClosed()).isTrue();
            peer.end();
        }
    }

    // Closing and interrupting

    @ParameterizedTest
    @MethodSource("ways")
    void close_ends_a_read_that_waits(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                SSLSocket socket = connect(way, peer)) {
            var reader = way.start(() -> socket.getInputStream().read());
            reader.waitsIn();
            socket.close();
            assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
            peer.end(); // and the peer was told by close_notify
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void close_ends_a_write_that_is_stuck(Way way) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (_, _) -> over.await()); SSLSocket socket = connect(way, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = way.start(() -> {
                socket.getOutputStream().write(random(MUCH));
                return null;
            });
            writer.waitsIn();
            socket.close();
            assertThatThrownBy(writer::result).isInstanceOf(SocketException.class);
            over.countDown();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void close_ends_a_handshake_that_waits(Way way) throws Exception {
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().transferTo(OutputStream.nullOutputStream()));
                SSLSocket socket = client(way)) {
            socket.connect(peer.address());
            var shaking = way.start(() -> {
                socket.startHandshake();
                return null;
            });
            shaking.waitsIn();
            socket.close();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void an_interrupt_closes_the_socket_of_a_virtual_thread_and_means_nothing_to_another(Way way) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> {
            go.await();
            tls.getOutputStream().write(HELLO);
        }); SSLSocket socket = connect(way, peer)) {
            AtomicBoolean kept = new AtomicBoolean();
            var reader = way.start(() -> {
                try {
                    return socket.getInputStream().readNBytes(HELLO.length);
                } finally {
                    kept.set(Thread.currentThread().isInterrupted());
                }
            });
            reader.waitsIn();
            reader.thread().interrupt();
            if (way.virtual()) {
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

    @ParameterizedTest
    @MethodSource("ways")
    void closing_either_stream_closes_the_socket_and_closing_again_does_nothing(Way way) throws Exception {
        for (boolean input : new boolean[] {true, false}) {
            try (Peer peer = Peer.tls(way.protocol(), (tls, _) ->
                    assertThat(tls.getInputStream().read()).isEqualTo(-1));
                    SSLSocket socket = connect(way, peer)) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                way.run(() -> {
                    (input ? in : out).close();
                    socket.close();
                    in.close();
                    out.close();
                    return null;
                });
                assertThat(socket.isClosed()).isTrue();
                assertThat(socket.getSession().getProtocol()).isEqualTo(way.protocol());
                assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessage("Socket closed");
                assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class)
                        .hasMessage("Socket closed");
                assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SocketException.class);
                peer.end();
            }
        }
    }

    // The handshake

    @ParameterizedTest
    @MethodSource("ways")
    void a_peer_that_closes_during_the_handshake_is_a_handshake_exception(Way way) throws Exception {
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().read(new byte[20_000]));
                SSLSocket socket = client(way)) {
            socket.connect(peer.address());
            assertThatThrownBy(() -> way.run(() -> socket.getInputStream().read()))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_peer_that_does_not_speak_tls_is_an_ssl_exception(Way way) throws Exception {
        byte[] oversized = new byte[40_000];
        oversized[0] = 22;
        oversized[1] = 3;
        oversized[2] = 3;
        Arrays.fill(oversized, 3, 5, (byte) 0xff);
        byte[] noise = random(1_000);
        noise[0] = (byte) 0xa5; // no content type of TLS's
        for (byte[] answer : new byte[][] {
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            noise, oversized}) {
            try (Peer peer = Peer.plain(plain -> {
                plain.getInputStream().read(new byte[20_000]);
                plain.getOutputStream().write(answer);
                plain.shutdownOutput();
                plain.getInputStream().transferTo(OutputStream.nullOutputStream());
            }); SSLSocket socket = client(way)) {
                socket.connect(peer.address());
                assertThatThrownBy(() -> way.run(() -> socket.getInputStream().read()))
                        .isInstanceOf(SSLException.class);
                assertThat(socket.isClosed()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void an_untrusted_certificate_is_refused_and_the_peer_is_alerted(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (_, _) -> {});
                SSLSocket socket = client(way, new Certificate())) {
            socket.connect(peer.address());
            assertThatThrownBy(() -> way.run(() -> socket.getInputStream().read()))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(socket.isClosed()).isTrue();
            assertThat(socket.getSession().isValid()).isFalse();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(peer::end).isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("fatal alert").hasMessageContaining("certificate");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void the_host_name_is_checked_where_it_is_asked_for(Way way) throws Exception {
        for (String host : new String[] {"localhost", "elsewhere.example"}) {
            boolean right = host.equals("localhost");
            try (Peer peer = Peer.tls(way.protocol(), (_, _) -> {}); Socket plain = plain(peer);
                    SSLSocket socket = layered(way, plain, host, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                var reading = way.start(() -> socket.getInputStream().read());
                if (right) {
                    assertThat(reading.result()).isEqualTo(-1);
                } else {
                    assertThatThrownBy(reading::result).isInstanceOf(SSLHandshakeException.class);
                }
            }
        }
    }

    // Connecting and layering

    @ParameterizedTest
    @MethodSource("ways")
    void an_unconnected_socket_has_no_streams(Way way) throws Exception {
        try (SSLSocket socket = client(way)) {
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class)
                    .hasMessage("Socket is not connected");
            assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SocketException.class);
            assertThatThrownBy(socket::shutdownOutput).isInstanceOf(SocketException.class);
            assertThat(socket.getSession().isValid()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_connect_that_fails_says_why_and_closes(Way way) throws Exception {
        SSLSocket unknown = client(way);
        assertThatThrownBy(() -> unknown.connect(InetSocketAddress.createUnresolved("no.such.example", 1)))
                .isInstanceOf(UnknownHostException.class).hasMessage("no.such.example");
        assertThat(unknown.isClosed()).isTrue();

        SSLSocket refused = client(way);
        try (Socket bound = new Socket()) {
            // Bound, so that nobody listens on the port; a free one the client might get itself, and reach itself.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThatThrownBy(() -> way.run(() -> {
                refused.connect(bound.getLocalSocketAddress(), 10_000);
                return null;
            })).isInstanceOf(ConnectException.class);
        }
        assertThat(refused.isClosed()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void layered_without_auto_close_the_socket_below_stays_open(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, wire) -> {
            assertThat(tls.getInputStream().read()).isEqualTo(-1);
            tls.close();
        }); Socket plain = plain(peer)) {
            SSLSocket socket = layered(way, plain, "localhost", false);
            way.run(() -> {
                socket.startHandshake();
                socket.close();
                return null;
            });
            assertThat(socket.isClosed()).isTrue();
            assertThat(plain.isClosed()).isFalse();
            assertThat(plain.isInputShutdown()).isFalse();
            assertThat(plain.isOutputShutdown()).isFalse();
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void layered_without_auto_close_a_read_that_waits_ends_as_well(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                Socket plain = plain(peer)) {
            SSLSocket socket = layered(way, plain, "localhost", false);
            way.run(() -> {
                socket.startHandshake();
                return null;
            });
            var reader = way.start(() -> socket.getInputStream().read());
            reader.waitsIn();
            socket.close();
            assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
            assertThat(plain.isClosed()).isFalse();
            assertThat(plain.isOutputShutdown()).as("nobody was writing").isFalse();
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void layered_with_auto_close_the_socket_below_is_closed(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                Socket plain = plain(peer)) {
            SSLSocket socket = layered(way, plain, "localhost", true);
            way.run(() -> {
                socket.startHandshake();
                socket.close();
                return null;
            });
            assertThat(plain.isClosed()).isTrue();
            peer.end();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void layering_needs_a_connected_socket_with_a_channel(Way way) throws Exception {
        try (Peer peer = Peer.plain(_ -> {});
                Socket channelless = new Socket(InetAddress.getLoopbackAddress(), peer.address().getPort());
                Socket unconnected = SocketChannel.open().socket()) {
            assertThatThrownBy(() -> layered(way, channelless, "localhost", true))
                    .isInstanceOf(SocketException.class).hasMessageContaining("SocketChannel.open().socket()");
            assertThatThrownBy(() -> layered(way, unconnected, "localhost", true))
                    .isInstanceOf(SocketException.class);
            assertThatCode(channelless::getOutputStream).doesNotThrowAnyException();
        }
    }

    // Means

    private SSLContext context(Way way, Certificate trusted) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new AltProvider(way.readCall(), way.engine(), wrapper()));
        context.init(null, trusted.trustManagers(), null);
        return context;
    }

    private SSLSocket client(Way way, Certificate trusted) throws Exception {
        return (SSLSocket) context(way, trusted).getSocketFactory().createSocket();
    }

    private SSLSocket client(Way way) throws Exception {
        return client(way, Peer.CERTIFICATE);
    }

    /** Connected, and the handshake done. */
    private SSLSocket connect(Way way, Peer peer) throws Exception {
        SSLSocket socket = client(way);
        way.run(() -> {
            socket.connect(peer.address());
            socket.startHandshake();
            return null;
        });
        return socket;
    }

    private static Socket plain(Peer peer) throws IOException {
        return SocketChannel.open(peer.address()).socket();
    }

    private SSLSocket layered(Way way, Socket plain, String host, boolean autoClose) throws Exception {
        return (SSLSocket) context(way, Peer.CERTIFICATE).getSocketFactory()
                .createSocket(plain, host, plain.getPort(), autoClose);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
