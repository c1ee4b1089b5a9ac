package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;

/** The contract of reading: every read method returns the bytes, however they arrive. */
@SuppressWarnings("try") // many tests close a resource by hand
interface ReadingContract extends SocketUnderTest {

    @EveryMode
    default void every_way_to_read_gives_the_bytes_in_order(SocketMode mode) throws Exception {
        byte[] sent = random(100_000);
        sent[0] = (byte) 0xff;
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> tls.getOutputStream().write(sent));
                SSLSocket socket = connect(mode, peer)) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            mode.run(() -> {
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
            });
            assertThat(got.toByteArray()).isEqualTo(sent);
            peer.end();
        }
    }

    @EveryMode
    default void a_read_or_write_of_length_zero_does_nothing(SocketMode mode) throws Exception {
        try (Peer peer = Peer.plain(plain -> assertThat(plain.getInputStream().read()).isEqualTo(-1))) {
            try (SSLSocket socket = connectOnly(mode, peer)) {
                mode.run(() -> {
                    socket.getOutputStream().write(new byte[0]);
                    assertThat(socket.getInputStream().read(new byte[0])).isZero();
                    assertThat(socket.getInputStream().readNBytes(0)).isEmpty();
                });
            }
            peer.end(); // the handshake has not begun
        }
    }

    @EveryMode
    default void received_records_are_read_without_a_wait(SocketMode mode) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            wire.hold();
            for (byte one : HELLO) {
                tls.getOutputStream().write(one);
            }
            byte[] records = wire.taken();
            wire.send(records, 0, records.length);
            sent.countDown();
            read.await(); // sends no more until all is read
        }); SSLSocket socket = connect(mode, peer)) {
            sent.await();
            assertThat(mode.run(() -> socket.getInputStream().readNBytes(HELLO.length))).isEqualTo(HELLO);
            read.countDown();
            peer.end();
        }
    }

    @EveryMode
    default void records_that_arrive_byte_by_byte_are_intact(SocketMode mode) throws Exception {
        byte[] sent = random(300);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            wire.hold();
            tls.getOutputStream().write(sent);
            byte[] record = wire.taken();
            for (int i = 0; i < record.length; i++) {
                wire.send(record, i, i + 1);
            }
        }); SSLSocket socket = connect(mode, peer)) {
            assertThat(readAll(mode, socket)).isEqualTo(sent);
            peer.end();
        }
    }

    @EveryMode
    default void a_reader_waits_in_poll_or_in_the_hub_depending_on_the_form(SocketMode mode) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            go.await();
            tls.getOutputStream().write(HELLO);
        }); SSLSocket socket = connect(mode, peer)) {
            assertThat(socket.getClass()).hasToString("class dev.cooperativetls.altprovider.WrappedSocket");
            var reader = mode.start(() -> socket.getInputStream().readAllBytes());
            assertThat(reader.waitsIn()).isEqualTo(form().readerWaitsIn(mode));

            if (mode.virtual()) {
                Thread other = Thread.startVirtualThread(() -> {});
                if (form().readerWaitsIn(mode).equals("Poll")) {
                    assertThat(other.join(Duration.ofMillis(100))).as("the only carrier is blocked").isFalse();
                } else {
                    other.join();
                }
            }
            go.countDown();
            assertThat(reader.result()).isEqualTo(HELLO);
            peer.end();
        }
    }

    @EveryMode
    default void more_than_a_record_right_after_the_handshake_is_intact(SocketMode mode) throws Exception {
        byte[] sent = random(100_000);
        try (Peer peer = Peer.plain(plain -> {
            Wire wire = new Wire(plain);
            try (SSLSocket tls = JdkTlsServer.over(wire, mode.protocol())) {
                wire.hold();
                tls.startHandshake();
                tls.getOutputStream().write(sent);
                byte[] flightAndBody = wire.taken();
                wire.send(flightAndBody, 0, flightAndBody.length);
            }
        }); SSLSocket socket = connectOnly(mode, peer)) {
            assertThat(readAll(mode, socket)).isEqualTo(sent);
            peer.end();
        }
    }

    /** SunJSSE sends a session ticket after the handshake, and requests new keys at each further handshake. */
    @EveryMode(protocols = "TLSv1.3")
    default void new_keys_and_tickets_do_not_disturb_a_reader(SocketMode mode) throws Exception {
        byte[] sent = random(50_000);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            for (int i = 0; i < 5; i++) {
                tls.startHandshake();
                byte[] got = tls.getInputStream().readNBytes(sent.length);
                tls.getOutputStream().write(got);
            }
        }); SSLSocket socket = connect(mode, peer)) {
            mode.run(() -> {
                for (int i = 0; i < 5; i++) {
                    socket.getOutputStream().write(sent);
                    assertThat(socket.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
                }
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            });
            peer.end();
        }
    }

    /**
     * The peer requests new keys while the send buffer is full. With the JDK's engine the reader must answer before it
     * continues. BouncyCastle's engine leaves the answer to the next write.
     *
     * <p>The kernel may have room for the short answer although it has none for the writer. So there are several
     * attempts, and in one of them the reader must have waited.
     */
    @EveryMode(protocols = "TLSv1.3")
    default void a_read_that_must_write_waits_and_continues(SocketMode mode) throws Exception {
        boolean waited = false;
        for (int attempt = 0; attempt < 10 && !waited; attempt++) {
            waited = readWhileTheSendBufferIsFull(mode) || !mode.overJdkEngine();
        }
        assertThat(waited).as("a reader waited for room in the send buffer").isTrue();
    }

    /** Returns whether the reader waited. */
    private boolean readWhileTheSendBufferIsFull(SocketMode mode) throws Exception {
        byte[] sent = random(MUCH);
        CountDownLatch writes = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        boolean waited = false;
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            writes.await();
            wire.settle(); // a writer may wait for a busy kernel before the buffers are full
            tls.startHandshake();
            tls.getOutputStream().write(HELLO);
            asked.countDown();
            go.await();
            assertThat(Arrays.equals(tls.getInputStream().readNBytes(sent.length), sent)).isTrue();
        }); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(SMALL);
            // On a platform thread, because a virtual writer may block the only carrier, which the reader needs.
            var writer = mode.onThreads(false).start(() -> {
                socket.getOutputStream().write(sent);
            });
            writer.waitsIn();
            writes.countDown();
            asked.await();
            writer.waitsIn();
            var reader = mode.start(() -> socket.getInputStream().readNBytes(HELLO.length));
            if (mode.overJdkEngine()) {
                waited = reader.waits();
                go.countDown();
            }
            assertThat(reader.result()).isEqualTo(HELLO);
            go.countDown();
            writer.result();
            peer.end();
        }
        return waited;
    }
}
