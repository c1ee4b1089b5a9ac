package dev.cooperativetls.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cooperativetls.fetch.Settings.ReadCall;
import dev.cooperativetls.fetch.Settings.Threads;
import dev.cooperativetls.recorder.Readings;
import dev.cooperativetls.testkit.Certificate;
import dev.cooperativetls.testkit.JdkTlsServer;
import dev.cooperativetls.testkit.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.junit.jupiter.api.Test;

class PageClientTest {

    private static final int BAD = 3;

    /** The others are on their way, and are answered only when the bad one has been told. */
    @Test
    void an_error_of_the_jvm_s_in_one_page_leaves_the_others_their_connections() throws Exception {
        SSLContext own = new Certificate().serverContext();
        var told = new CountDownLatch(1);
        try (var server = new RawServer(plain -> RawServer.serve(JdkTlsServer.over(plain, own), (page, socket) -> {
            try {
                told.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            RawServer.valid(page, socket);
        }))) {
            var settings = new Settings(URI.create(server.url("https")), 6, ReadCall.READ_INTO, 1, Threads.VIRTUAL,
                    Duration.ofSeconds(60), Map.of());
            var anyone = new Trust.Anyone();
            TlsSocketStrategy tls = anyone.tls(anyone.context());
            var client = new PageClient((plain, host, port, attachment, context) -> PageRun.of(context).id() == BAD
                    ? new BrokenSocket()
                    : tls.upgrade(plain, host, port, attachment, context), settings);

            Report.End end = new Pages(settings, client, new TellingReport(told)).fetch(() -> { });

            assertThat(end.invalid()).extracting(Page::id, Page::problem).containsExactly(tuple(BAD, "out of order"));
            assertThat(end.valid()).isEqualTo(5);
        }
    }

    private record TellingReport(CountDownLatch bad) implements Report {

        @Override
        public void start(Instant time) { }

        @Override
        public void page(Page page) {
            if (page.id() == BAD) {
                bad.countDown();
            }
        }

        @Override
        public void end(End end) {
            bad.countDown();
        }

        @Override
        public void readings(Readings readings, End end) { }
    }

    /** Of a TLS provider whose native library, say, cannot be loaded: the first write ends in an error. */
    private static final class BrokenSocket extends SSLSocket {

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int b) {
                    throw new UnsatisfiedLinkError("out of order");
                }
            };
        }

        @Override
        public void startHandshake() { }

        @Override
        public SSLSession getSession() {
            return null;
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return new String[0];
        }

        @Override
        public String[] getEnabledCipherSuites() {
            return new String[0];
        }

        @Override
        public void setEnabledCipherSuites(String[] suites) { }

        @Override
        public String[] getSupportedProtocols() {
            return new String[0];
        }

        @Override
        public String[] getEnabledProtocols() {
            return new String[0];
        }

        @Override
        public void setEnabledProtocols(String[] protocols) { }

        @Override
        public void addHandshakeCompletedListener(HandshakeCompletedListener listener) { }

        @Override
        public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) { }

        @Override
        public void setUseClientMode(boolean mode) { }

        @Override
        public boolean getUseClientMode() {
            return true;
        }

        @Override
        public void setNeedClientAuth(boolean need) { }

        @Override
        public boolean getNeedClientAuth() {
            return false;
        }

        @Override
        public void setWantClientAuth(boolean want) { }

        @Override
        public boolean getWantClientAuth() {
            return false;
        }

        @Override
        public void setEnableSessionCreation(boolean flag) { }

        @Override
        public boolean getEnableSessionCreation() {
            return true;
        }
    }
}
