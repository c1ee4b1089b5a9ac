package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/** Writing: every byte goes out once. */
@SuppressWarnings("try") // closing is what many of the tests are about
interface WritingContract extends SocketUnderTest {

    @EveryMode
    default void all_bytes_go_out_once_however_long_the_peer_stalls(SocketMode mode) throws Exception {
        byte[] sent = random(MUCH);
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            go.await();
            assertThat(Arrays.equals(tls.getInputStream().readAllBytes(), sent)).isTrue();
        }); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = mode.start(() -> {
                socket.getOutputStream().write(sent);
                socket.close(); // says goodbye as well, which the peer must have to take this for all
            });
            writer.waitsIn();
            go.countDown();
            writer.result();
            peer.end();
        }
    }

    @EveryMode
    default void one_thread_reads_while_another_writes(SocketMode mode) throws Exception {
        byte[] sent = random(MUCH);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> tls.getInputStream().transferTo(tls.getOutputStream()));
                SSLSocket socket = connect(mode, peer)) {
            // Where waits hold the only carrier, two virtual threads would each wait for the other's turn.
            var reader = mode.start(() -> socket.getInputStream().readNBytes(sent.length));
            boolean virtual = mode.virtual() && form().readerWaitsIn(mode).equals("Hub");
            mode.onThreads(virtual).run(() -> {
                new ByteArrayInputStream(sent).transferTo(socket.getOutputStream());
            });
            assertThat(Arrays.equals(reader.result(), sent)).isTrue();
        }
    }

    @EveryMode
    default void a_write_after_the_peer_has_closed_is_an_error_and_no_spin(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = connect(mode, peer)) {
            peer.end();
            mode.run(() -> {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                assertThatThrownBy(() -> {
                    while (true) { // the first may still find room in a buffer of the system's
                        socket.getOutputStream().write(HELLO);
                    }
                }).isInstanceOf(SocketException.class);
            });
        }
    }

    @EveryMode
    default void several_threads_write_and_each_write_stays_whole(SocketMode mode) throws Exception {
        int writers = 4;
        int writes = 50;
        int length = 3_000;
        Map<Byte, Integer> whole = new HashMap<>();
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            for (int i = 0; i < writers * writes; i++) {
                byte[] one = tls.getInputStream().readNBytes(length);
                byte[] same = new byte[length];
                Arrays.fill(same, one[0]);
                assertThat(one).isEqualTo(same);
                whole.merge(one[0], 1, Integer::sum);
            }
        }); SSLSocket socket = connect(mode, peer)) {
            List<SocketMode.Running<Void>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                byte[] bytes = new byte[length];
                Arrays.fill(bytes, (byte) writer);
                running.add(mode.start(() -> {
                    for (int i = 0; i < writes; i++) {
                        socket.getOutputStream().write(bytes);
                    }
                }));
            }
            for (SocketMode.Running<Void> one : running) {
                one.result();
            }
            peer.end();
            assertThat(whole).hasSize(writers).values().containsOnly(writes);
        }
    }

    @EveryMode
    default void shutting_down_the_output_waits_for_a_peer_that_is_slow(SocketMode mode) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        byte[] filling = random(1_000);
        AtomicInteger written = new AtomicInteger();
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            go.await();
            assertThat(tls.getInputStream().readAllBytes()).hasSize(written.get());
        }); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(SMALL);
            socket.setSoTimeout(100);
            assertThatThrownBy(() -> mode.run(() -> {
                while (true) { // until nothing more is taken
                    written.addAndGet(filling.length);
                    socket.getOutputStream().write(filling);
                }
            })).isInstanceOf(SocketTimeoutException.class).hasMessage("Write timed out");
            socket.setSoTimeout(0);
            var closing = mode.start(() -> {
                socket.shutdownOutput();
            });
            closing.waitsIn();
            go.countDown();
            closing.result();
            peer.end();
        }
    }
}
