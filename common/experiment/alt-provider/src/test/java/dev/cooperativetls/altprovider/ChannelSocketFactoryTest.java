package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cooperativetls.testkit.Peer;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelSocketFactoryTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    /** A name in the top-level domain that is reserved for names without an address. */
    private static final String NO_HOST = "no-such-host.invalid";
    private static final int ATTEMPTS = 20;

    private final SocketFactory factory = new ChannelSocketFactory();
    private ServerSocket server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, LOOPBACK);
        port = server.getLocalPort();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void a_socket_without_a_host_is_unconnected_and_unbound() throws IOException {
        try (Socket socket = factory.createSocket()) {
            assertThat(socket.getChannel()).isNotNull();
            assertThat(socket.isConnected()).isFalse();
            assertThat(socket.isBound()).isFalse();
        }
    }

    @Test
    void a_socket_of_a_host_is_connected_to_it() throws IOException {
        try (Socket byName = factory.createSocket(LOOPBACK.getHostName(), port);
                Socket byAddress = factory.createSocket(LOOPBACK, port);
                Socket ofNoName = factory.createSocket((String) null, port)) {
            assertThat(Stream.of(byName, byAddress, ofNoName)).allSatisfy(socket -> {
                assertThat(socket.getChannel()).isNotNull();
                assertThat(socket.getRemoteSocketAddress()).isEqualTo(new InetSocketAddress(LOOPBACK, port));
            });
        }
    }

    @Test
    void a_socket_of_a_local_address_is_bound_to_it() throws IOException {
        int free = free();
        try (Socket byName = factory.createSocket(LOOPBACK.getHostName(), port, LOOPBACK, free)) {
            assertThat(byName.getChannel()).isNotNull();
            assertThat(byName.getLocalSocketAddress()).isEqualTo(new InetSocketAddress(LOOPBACK, free));
        }
        int another = free();
        try (Socket byAddress = factory.createSocket(LOOPBACK, port, LOOPBACK, another);
                Socket ofAnyLocal = factory.createSocket(LOOPBACK, port, null, 0)) {
            assertThat(byAddress.getChannel()).isNotNull();
            assertThat(byAddress.getLocalSocketAddress()).isEqualTo(new InetSocketAddress(LOOPBACK, another));
            assertThat(ofAnyLocal.getLocalPort()).isPositive();
        }
    }

    @Test
    void a_host_without_an_address_is_unknown() {
        assertThatThrownBy(() -> factory.createSocket(NO_HOST, port)).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> factory.createSocket(NO_HOST, port, LOOPBACK, 0))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void an_invalid_port_and_a_null_address_are_refused() {
        assertThatThrownBy(() -> factory.createSocket("localhost", 65_536))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> factory.createSocket(LOOPBACK, port, LOOPBACK, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> factory.createSocket((InetAddress) null, port))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> factory.createSocket((InetAddress) null, port, LOOPBACK, 0))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX) // which lists the descriptors of a process in /proc
    void a_socket_that_fails_to_bind_or_to_connect_is_closed() throws IOException {
        int refused = free();
        factory.createSocket(LOOPBACK, port).close(); // opens all that the JVM opens only once
        assertNoneStaysOpen(ConnectException.class, () -> factory.createSocket(LOOPBACK, refused));
        assertNoneStaysOpen(ConnectException.class, () -> factory.createSocket("localhost", refused));
        assertNoneStaysOpen(BindException.class, () -> factory.createSocket(LOOPBACK, port, LOOPBACK, port));
        assertNoneStaysOpen(IllegalArgumentException.class, () -> factory.createSocket(LOOPBACK, 65_536));
        assertNoneStaysOpen(UnknownHostException.class, () -> factory.createSocket(NO_HOST, port));
    }

    @Test
    void tls_can_be_layered_over_its_sockets() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new AltProvider());
        context.init(null, Peer.CERTIFICATE.trustManagers(), null);
        try (Peer peer = Peer.tls("TLSv1.3", (tls, _) -> tls.getOutputStream().write(7));
                Socket plain = ChannelSocketFactory.getDefault().createSocket("localhost", peer.address().getPort());
                SSLSocket tls = (SSLSocket) context.getSocketFactory()
                        .createSocket(plain, "localhost", plain.getPort(), true)) {
            assertThat(tls).isInstanceOf(WrappedSocket.class);
            assertThat(tls.getInputStream().read()).isEqualTo(7);
            peer.end();
        }
    }

    /** The JDK finds a factory in this way if a setting names its class. */
    @Test
    void the_default_factory_is_found_by_the_name_of_the_class() throws Exception {
        Object found = ChannelSocketFactory.class.getMethod("getDefault").invoke(null);
        assertThat(found).isInstanceOf(ChannelSocketFactory.class).isSameAs(ChannelSocketFactory.getDefault());
    }

    private static int free() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            return server.getLocalPort();
        }
    }

    private static void assertNoneStaysOpen(Class<? extends Exception> expected, ThrowingCallable attempt)
            throws IOException {
        long before = openSockets();
        for (int i = 0; i < ATTEMPTS; i++) {
            assertThatThrownBy(attempt).isInstanceOf(expected);
        }
        assertThat(openSockets()).isLessThan(before + ATTEMPTS); // other threads of this JVM may have opened one
    }

    private static long openSockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(ChannelSocketFactoryTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException _) {
            return false; // the descriptor of this listing, which is closed
        }
    }
}
