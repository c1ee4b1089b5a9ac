package dev.cooperativetls.altprovider;

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
interface ClosingContract extends SocketForm {

    @EveryWay
    default void close_ends_a_read_that_waits(Way way) throws Exception {
        try (Peer peer = Peer.tls(way.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                SSLSocket socket = connect(way, peer)) {
            var reader = way.start(() -> socket.getInputStream().read());
            reader.waitsIn();
            socket.close();
            assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
            peer.end(); // and the peer was told by close_notify
        }
    }

    @EveryWay
    default void close_ends_a_write_that_is_stuck(Way way) throws Exception {
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

    @EveryWay
    default void close_ends_a_handshake_that_waits(Way way) throws Exception {
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

    @EveryWay
    default void an_interrupt_closes_the_socket_of_a_virtual_thread_and_means_nothing_to_another(Way way) throws Exception {
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

    @EveryWay
    default void closing_either_stream_closes_the_socket_and_closing_again_does_nothing(Way way) throws Exception {
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

    @EveryWay
    default void an_interrupt_ends_a_handshake_and_a_write_of_a_virtual_thread(Way way) throws Exception {
        if (!way.virtual()) {
            return; // it means nothing there, see above
        }
        try (Peer peer = Peer.plain(plain -> plain.getInputStream().transferTo(OutputStream.nullOutputStream()));
                SSLSocket socket = client(way)) {
            socket.connect(peer.address());
            var shaking = way.start(() -> {
                socket.startHandshake();
                return null;
            });
            shaking.waitsIn();
            shaking.thread().interrupt();
            assertThatThrownBy(shaking::result).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(socket.isClosed()).isTrue();
            peer.end();
        }
        CountDownLatch over = new CountDownLatch(1);
        try (Peer peer = Peer.tls(way.protocol(), (_, _) -> over.await()); SSLSocket socket = connect(way, peer)) {
            socket.setSendBufferSize(SMALL);
            var writer = way.start(() -> {
                socket.getOutputStream().write(random(MUCH));
                return null;
            });
            writer.waitsIn();
            writer.thread().interrupt();
            assertThatThrownBy(writer::result).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(socket.isClosed()).isTrue();
            over.countDown();
        }
    }

    @EveryWay
    @EnabledOnOs(OS.LINUX)
    default void a_connect_that_waits_is_ended_by_close_and_by_an_interrupt(Way way) throws Exception {
        try (DeafServer deaf = new DeafServer()) {
            for (boolean byClose : way.virtual() ? new boolean[] {true, false} : new boolean[] {true}) {
                SSLSocket socket = client(way);
                var connecting = way.start(() -> {
                    socket.connect(deaf.address());
                    return null;
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
