package dev.cooperativetls.altprovider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.testkit.Peer;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test of a body with more bytes than an {@code int} can count. One mode is enough: no socket counts bytes. */
class LargeBodyTest {

    private static final int CHUNK = 1 << 14;
    private static final int CHUNKS = (1 << 17) + 1;

    @Test
    @Tag("long")
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_body_of_more_than_two_gibibytes_arrives_complete() throws Exception {
        CRC32C sent = new CRC32C();
        byte[] chunk = new byte[CHUNK];
        try (Peer peer = Peer.tls("TLSv1.3", (tls, _) -> {
            for (int i = 0; i < CHUNKS; i++) {
                chunk[i % CHUNK]++;
                sent.update(chunk);
                tls.getOutputStream().write(chunk);
            }
        })) {
            SSLContext context = SSLContext.getInstance("TLS", new AltProvider());
            context.init(null, Peer.CERTIFICATE.trustManagers(), null);
            long count = 0;
            CRC32C got = new CRC32C();
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
                socket.connect(peer.address());
                InputStream in = socket.getInputStream();
                byte[] buffer = new byte[1 << 16];
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    got.update(buffer, 0, length);
                    count += length;
                }
            }
            peer.end();
            assertThat(count).isEqualTo((long) CHUNK * CHUNKS).isGreaterThan(Integer.MAX_VALUE);
            assertThat(got.getValue()).isEqualTo(sent.getValue());
        }
    }
}
