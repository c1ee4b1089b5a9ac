package dev.cooperativetls.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The contract of connecting, and of layering over a connected socket. */
@SuppressWarnings("try") // many tests close a resource by hand
interface ConnectingContract extends SocketUnderTest {

    @EveryMode
    default void methods_that_need_a_connection_fail_before_it_and_the_socket_can_still_connect(SocketMode mode)
            throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> tls.getOutputStream().write(HELLO));
                SSLSocket socket = client(mode)) {
            for (ThrowingCallable refused : List.<ThrowingCallable>of(socket::getInputStream, socket::getOutputStream,
                    socket::startHandshake, socket::shutdownOutput)) {
                assertThatThrownBy(refused).isInstanceOf(SocketException.class).hasMessage("Socket is not connected");
            }
            assertThatThrownBy(socket::shutdownInput).isInstanceOf(SocketException.class);
            assertThat(socket.getSession().isValid()).isFalse();
            assertThat(socket.isClosed()).isFalse();
            connect(mode, socket, peer);
            assertThat(readAll(mode, socket)).isEqualTo(HELLO);
        }
    }

    @EveryMode
    default void a_socket_without_a_host_is_connected_to_loopback(SocketMode mode) throws Exception {
        SSLSocketFactory factory = form().context(mode, Peer.CERTIFICATE).getSocketFactory();
        interface Creation {
            Socket at(int port) throws IOException;
        }
        for (Creation creation : List.<Creation>of(
                port -> factory.createSocket((String) null, port),
                port -> factory.createSocket((String) null, port, null, 0),
                port -> factory.createSocket((InetAddress) null, port),
                port -> factory.createSocket((InetAddress) null, port, null, 0))) {
            try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> tls.getOutputStream().write(HELLO));
                    SSLSocket socket = (SSLSocket) creation.at(peer.address().getPort())) {
                assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
                assertThat(readAll(mode, socket)).isEqualTo(HELLO);
                assertThat(socket.getSession().getPeerHost()).isEqualTo("localhost");
            }
        }
    }

    @EveryMode
    default void a_failed_connect_names_the_reason_and_closes_the_socket(SocketMode mode) throws Exception {
        SSLSocket unknown = client(mode);
        assertThatThrownBy(() -> unknown.connect(InetSocketAddress.createUnresolved("no.such.example", 1)))
                .isInstanceOf(UnknownHostException.class).hasMessage("no.such.example");
        assertThat(unknown.isClosed()).isTrue();

        SSLSocket refused = client(mode);
        try (Socket bound = new Socket()) {
            // Bound, so that no socket listens on the port. If the port were free, the client might connect to itself.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThatThrownBy(() -> mode.run(() -> {
                refused.connect(bound.getLocalSocketAddress(), 10_000);
            })).isInstanceOf(ConnectException.class);
        }
        assertThat(refused.isClosed()).isTrue();
    }

    @EveryMode
    default void without_auto_close_the_socket_below_stays_open(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, wire) -> {
            assertThat(tls.getInputStream().read()).isEqualTo(-1);
            tls.close();
        }); Socket plain = plain(peer)) {
            SSLSocket socket = layered(mode, plain, "localhost", false);
            mode.run(() -> {
                socket.startHandshake();
                socket.close();
            });
            assertThat(socket.isClosed()).isTrue();
            assertThat(plain.isClosed()).isFalse();
            assertThat(plain.isInputShutdown()).isFalse();
            assertThat(plain.isOutputShutdown()).isFalse();
            assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
            peer.end();
        }
    }

    @EveryMode
    default void closing_a_layered_socket_ends_a_waiting_read(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                Socket plain = plain(peer)) {
            SSLSocket socket = layered(mode, plain, "localhost", false);
            mode.run(() -> {
                socket.startHandshake();
            });
            var reader = mode.start(() -> socket.getInputStream().read());
            reader.waitsIn();
            socket.close();
            assertThatThrownBy(reader::result).isInstanceOf(SocketException.class);
            assertThat(plain.isClosed()).isFalse();
            assertThat(plain.isOutputShutdown()).as("no thread was writing").isFalse();
            peer.end();
        }
    }

    @EveryMode
    default void with_auto_close_the_socket_below_is_closed(SocketMode mode) throws Exception {
        try (Peer peer = Peer.tls(mode.protocol(), (tls, _) -> assertThat(tls.getInputStream().read()).isEqualTo(-1));
                Socket plain = plain(peer)) {
            SSLSocket socket = layered(mode, plain, "localhost", true);
            mode.run(() -> {
                socket.startHandshake();
                socket.close();
            });
            assertThat(plain.isClosed()).isTrue();
            peer.end();
        }
    }

    @EveryMode
    default void layering_needs_a_connected_socket_and_a_client_needs_a_channel(SocketMode mode) throws Exception {
        try (Peer peer = Peer.plain(plain -> assertThat(plain.getInputStream().read()).isEqualTo(7));
                Socket channelless = new Socket(InetAddress.getLoopbackAddress(), peer.address().getPort());
                Socket unconnected = SocketChannel.open().socket()) {
            SSLSocket socket = layered(mode, channelless, "localhost", true);
            for (ThrowingCallable use : List.<ThrowingCallable>of(
                    socket::startHandshake, socket::getInputStream, socket::getOutputStream)) {
                assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("ChannelSocketFactory");
            }
            assertThat(socket.getSession().isValid()).isFalse();
            channelless.getOutputStream().write(7); // nothing was sent before
            peer.end();
            socket.close();
            assertThat(channelless.isClosed()).isTrue();
            assertThatThrownBy(() -> layered(mode, unconnected, "localhost", true)).isInstanceOf(SocketException.class);
        }
    }

    /** A server does so after STARTTLS, for example. The peer is a client of SunJSSE. */
    @EveryMode
    default void a_server_layers_tls_over_an_accepted_socket_with_or_without_a_channel(SocketMode mode)
            throws Exception {
        for (boolean withChannel : new boolean[] {true, false}) {
            try (ServerSocketChannel listening = ServerSocketChannel.open();
                    ServerSocket channelless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                int port = withChannel ? listening.socket().getLocalPort() : channelless.getLocalPort();
                var client = new FutureTask<>(() -> {
                    SSLContext sun = SSLContext.getInstance("TLS", "SunJSSE");
                    sun.init(Peer.CERTIFICATE.keyManagers(), Peer.CERTIFICATE.trustManagers(), null);
                    try (Socket tls = sun.getSocketFactory().createSocket("localhost", port)) {
                        tls.getOutputStream().write(HELLO);
                        return tls.getInputStream().readAllBytes();
                    }
                });
                Thread.ofPlatform().daemon().start(client);
                SSLContext server = context(mode, Peer.CERTIFICATE.keyManagers(), Peer.CERTIFICATE.trustManagers());
                try (Socket plain = withChannel ? listening.accept().socket() : channelless.accept();
                        SSLSocket socket = (SSLSocket) server.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), true)) {
                    socket.setUseClientMode(false);
                    assertThat(socket.getUseClientMode()).isFalse();
                    socket.setNeedClientAuth(true);
                    socket.setEnabledProtocols(new String[] {mode.protocol()});
                    mode.run(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write(socket.getInputStream().readNBytes(HELLO.length));
                    });
                    assertThat(socket.getSession().getProtocol()).isEqualTo(mode.protocol());
                    assertThat(socket.getSession().getPeerCertificates())
                            .containsExactly(Peer.CERTIFICATE.certificate());
                    assertThatThrownBy(() -> socket.setUseClientMode(true)).as("the handshake has begun")
                            .isInstanceOf(IllegalArgumentException.class);
                    mode.run(() -> {
                        socket.close();
                    });
                    assertThat(socket.isClosed()).isTrue();
                    assertThat(plain.isClosed()).isTrue();
                }
                assertThat(client.get()).isEqualTo(HELLO);
            }
        }
    }

    /** An example is the data connection of FTP in active mode. */
    @EveryMode
    default void a_server_may_connect(SocketMode mode) throws Exception {
        SSLContext sun = SSLContext.getInstance("TLS", "SunJSSE");
        sun.init(null, Peer.CERTIFICATE.trustManagers(), null);
        try (Peer peer = Peer.plain(plain -> {
            try (SSLSocket tls = (SSLSocket) sun.getSocketFactory().createSocket(plain, "localhost", 1, true)) {
                tls.setEnabledProtocols(new String[] {mode.protocol()});
                assertThat(tls.getInputStream().readAllBytes()).isEqualTo(HELLO);
            }
        }); SSLSocket socket = unconnected(context(mode, Peer.CERTIFICATE.keyManagers(), null))) {
            socket.setUseClientMode(false);
            mode.run(() -> {
                socket.connect(peer.address());
                socket.getOutputStream().write(HELLO);
                socket.close();
            });
            peer.end();
        }
    }

    /** Both threads are virtual and share one carrier. If a side waits in poll, the other side never runs. */
    @EveryMode
    default void client_and_server_can_share_a_carrier_if_their_waits_cooperate(SocketMode mode) throws Exception {
        if (!mode.virtual()) {
            return;
        }
        SSLContext server = context(mode, Peer.CERTIFICATE.keyManagers(), null);
        try (SSLServerSocket listening = (SSLServerSocket) server.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SSLSocket socket = client(mode)) {
            listening.setEnabledProtocols(new String[] {mode.protocol()});
            var serving = mode.start(() -> {
                try (SSLSocket tls = (SSLSocket) listening.accept()) {
                    tls.getOutputStream().write(tls.getInputStream().readNBytes(HELLO.length));
                }
            });
            var client = mode.start(() -> {
                socket.connect(listening.getLocalSocketAddress());
                socket.setSoTimeout(form().readerWaitsIn(mode).equals("Hub") ? 0 : 300);
                socket.getOutputStream().write(HELLO);
                return socket.getInputStream().readAllBytes();
            });
            if (form().readerWaitsIn(mode).equals("Hub")) {
                assertThat(client.result()).isEqualTo(HELLO);
                serving.result();
            } else {
                assertThatThrownBy(client::result).isInstanceOf(SocketTimeoutException.class);
                socket.close();
                serving.thread().join();
            }
        }
    }
}
