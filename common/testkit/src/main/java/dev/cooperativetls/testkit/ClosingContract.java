package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Closing and interrupting: whoever waits is told, and soon. */
@SuppressWarnings("try") // closing is what many of the tests are about
interface ClosingContract extends SocketUnderTest {

    @EveryMode
    default void close_ends_a_read_that_waits(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                SSLSocket socket = connect(mode, peer)) {
            var reader = mode.start(() -> socket.getInputStream().read());
            reader.waitsIn();
            socket.close();
            assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
            peer.end(); // and the peer was told by close_notify
        }
    }

    @EveryMode
    default void close_ends_a_write_that_is_stuck(SocketMode mode) throws Exception {
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
    default void close_ends_a_handshake_that_waits(SocketMode mode) throws Exception {
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().transferTo(OutputStream.nullOutputStream()));
                SSLSocket socket = client(mode)) {
            socket.connect(peer.address());
            var shaking = mode.start(() -> {
                socket.startHandshake();
            });
            shaking.waitsIn();
            socket.close();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    @EveryMode
    default void an_interrupt_closes_the_socket_of_a_virtual_thread_and_means_nothing_to_another(SocketMode mode) throws Exception {
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
    default void closing_either_stream_closes_the_socket_and_closing_again_does_nothing(SocketMode mode) throws Exception {
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
                assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class)
                        .hasMessage("Socket closed");
                assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SocketException.class);
                peer.end();
            }
        }
    }

    @EveryMode
    default void an_interrupt_ends_a_handshake_and_a_write_of_a_virtual_thread(SocketMode mode) throws Exception {
        if (!mode.virtual()) {
            return; // it means nothing there, see above
        }
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().transferTo(OutputStream.nullOutputStream()));
                SSLSocket socket = client(mode)) {
            socket.connect(peer.address());
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
    default void a_connect_that_waits_is_ended_by_close_and_by_an_interrupt(SocketMode mode) throws Exception {
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
