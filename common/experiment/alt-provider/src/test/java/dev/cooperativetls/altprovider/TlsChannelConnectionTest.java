package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cooperativetls.testkit.Peer;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that each call after a failure throws a new exception, whose cause is the first failure. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsChannelConnectionTest {

    @ParameterizedTest
    @EnumSource
    void a_failed_handshake_is_a_new_handshake_exception_at_each_later_call(EngineSource source) throws Exception {
        try (Peer peer = Peer.plain(_ -> {}); SocketChannel channel = SocketChannel.open(peer.address())) {
            Connection connection = new TlsChannelConnection(channel, engine(source), CloseNotify.REQUIRED);
            var first = catchThrowableOfType(SSLHandshakeException.class, connection::handshake);
            var second = catchThrowableOfType(SSLHandshakeException.class, () -> connection.read(1));
            assertThat(second).isNotSameAs(first).hasMessage(first.getMessage()).hasCause(first);
        }
    }

    @Test
    void a_stream_without_close_notify_is_a_new_ssl_exception_at_each_later_call() throws Exception {
        try (Peer peer = Peer.tls("TLSv1.3", (_, wire) -> wire.close());
                SocketChannel channel = SocketChannel.open(peer.address())) {
            Connection connection =
                    new TlsChannelConnection(channel, engine(EngineSource.BOUNCYCASTLE), CloseNotify.REQUIRED);
            connection.handshake();
            ByteBuffer buffer = ByteBuffer.allocate(1);
            var first = catchThrowableOfType(SSLException.class, () -> connection.readInto(buffer));
            var second = catchThrowableOfType(SSLException.class, () -> connection.readInto(buffer));
            assertThat(first).hasMessageContaining("close_notify");
            assertThat(second).isNotSameAs(first).hasMessage(first.getMessage()).hasCause(first);
        }
    }

    private static SSLEngine engine(EngineSource source) throws Exception {
        SSLContext context = source.context("TLS");
        source.init(context, null, Peer.CERTIFICATE.trustManagers(), null);
        SSLEngine engine = context.createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        return engine;
    }
}
