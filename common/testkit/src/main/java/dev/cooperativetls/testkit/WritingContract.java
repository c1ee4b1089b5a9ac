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

/** The contract of writing: every byte is sent once. */
@SuppressWarnings("try") // many tests close a resource by hand
interface WritingContract extends SocketUnderTest {

    @EveryMode
    default void every_byte_is_sent_once_although_the_peer_stalls(SocketMode mode) throws Exception {
        byte[] sent = random(MUCH);
        CountDownLatch go = new CountDownLatch(1);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
            go.await();
            assertThat(Arrays.equals(tls.getInputStream().readAllBytes(), sent)).isTrue();
        }); SSLSocket socket = connect(mode, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = mode.start(() -> {
                socket.getOutputStream().write(sent);
                socket.close(); // sends close_notify, without which the peer's stream has no clean end
            });
            writer.waitsIn();
            go.countDown();
            writer.result();
            peer.end();
        }
    }

    @EveryMode
    default void one_thread_reads_while_another_writes(SocketMode mode) throws Exception {
        byte[] sent = random(MUCH / 4);
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> tls.getInputStream().transferTo(tls.getOutputStream()));
                SSLSocket socket = connect(mode, peer)) {
            // If a wait blocks the only carrier, a second virtual thread never runs.
            var reader = mode.start(() -> socket.getInputStream().readNBytes(sent.length));
            boolean virtual = mode.virtual() && form().readerWaitsIn(mode).equals("Hub");
            mode.onThreads(virtual).run(() -> {
                new ByteArrayInputStream(sent).transferTo(socket.getOutputStream());
            });
            assertThat(Arrays.equals(reader.result(), sent)).isTrue();
        }
    }

    @EveryMode
    default void a_write_after_the_peer_has_closed_is_an_error_and_does_not_spin(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (_, _) -> {}); SSLSocket socket = connect(mode, peer)) {
            peer.end();
            mode.run(() -> {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                assertThatThrownBy(() -> {
                    while (true) { // the first writes may still fit into a buffer of the system
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

    /** Repeats until the shutdown waits, because the kernel may have room for the last bytes after the timeout. */
    @EveryMode
    default void shutdown_output_waits_for_a_slow_peer(SocketMode mode) throws Exception {
        byte[] filling = random(1_000);
        for (boolean waited = false; !waited;) {
            CountDownLatch go = new CountDownLatch(1);
            AtomicInteger written = new AtomicInteger();
            try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> {
                go.await();
                assertThat(tls.getInputStream().readAllBytes()).hasSize(written.get());
            }); SSLSocket socket = connect(mode, peer)) {
                socket.setSendBufferSize(SMALL);
                socket.setSoTimeout(100);
                assertThatThrownBy(() -> mode.run(() -> {
                    while (true) { // until the buffers are full
                        written.addAndGet(filling.length);
                        socket.getOutputStream().write(filling);
                    }
                })).isInstanceOf(SocketTimeoutException.class).hasMessage("Write timed out");
                socket.setSoTimeout(0);
                var closing = mode.start(() -> socket.shutdownOutput());
                waited = closing.waits();
                go.countDown();
                closing.result();
                peer.end();
            }
        }
    }
}
