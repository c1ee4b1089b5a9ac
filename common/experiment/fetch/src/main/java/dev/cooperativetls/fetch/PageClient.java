package dev.cooperativetls.fetch;

import dev.cooperativetls.fetch.Page.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Apache HttpClient 5, classic, with a connection for each page. It marks on a {@link PageRun} how far it has come. */
final class PageClient {

    private static final Logger LOG = LoggerFactory.getLogger(PageClient.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);
    /** Much, since on a busy machine the thread that keeps the run's time may come late. */
    private static final Duration AFTER_THE_RUN = Duration.ofMinutes(1);

    private final CloseableHttpClient client;

    PageClient(TlsSocketStrategy tls, Settings settings) {
        int connections = settings.urlCount(); // at once; HttpClient's own default is five a host
        // Without a bound of its own no single wait ends before the run, so that "not done within" is what is told.
        var wait = Timeout.of(settings.timeout().plus(AFTER_THE_RUN));
        Duration read = settings.bounds().get(Bound.READ);
        var readWait = read == null ? wait : Timeout.ofMilliseconds(Math.ceilDiv(read.toNanos(), 1_000_000));
        var connectionManager = new Pool()
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom().setMaxHeaderCount(1000).setMaxLineLength(64 * 1024).build())
                        .responseParserFactory(WholeHeadParser::new)
                        .build())
                .setTlsSocketStrategy(tls)
                .setMaxConnTotal(connections)
                .setMaxConnPerRoute(connections)
                .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(readWait).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(wait)
                        .setSocketTimeout(readWait)
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(readWait).build())
                .build();
        client = HttpClientBuilder.create()
                .setConnectionManager(connectionManager)
                .setRequestExecutor(new MarkingExecutor())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(wait)
                        .setResponseTimeout(readWait)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableContentCompression()
                .disableCookieManagement()
                .build();
    }

    /** Fetches a page; says why it is invalid, or null. */
    String get(URI uri, PageRun page) throws IOException {
        return client.execute(new HttpGet(uri), page.context(), page::receive);
    }

    /** Closes every connection, giving up after a second: a page that is stuck may hold a lock that closing needs. */
    void close(CloseMode mode) {
        Thread closing = Thread.ofPlatform().daemon().name("close").start(() -> client.close(mode));
        try {
            closing.join(LONGEST_CLOSE);
        } catch (InterruptedException ctrlC) {
            // The JVM is ending, and closes what is left.
        }
    }

    /** A connection pool whose sockets lie over channels. */
    private static final class Pool extends PoolingHttpClientConnectionManagerBuilder {

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new ChannelOperator(ports, names, tls);
        }
    }

    /** Connects sockets that lie over a channel, since an alternative TLS layered over them may need it. */
    private static final class ChannelOperator extends DefaultHttpClientConnectionOperator {

        /** Whose socket it is that is being opened: HttpClient's factory of sockets is not told. */
        private static final ScopedValue<PageRun> PAGE = ScopedValue.newInstance();

        ChannelOperator(SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            super((Proxy _) -> open(), ports, names,
                    RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, once(tls)).build());
        }

        private static Socket open() throws IOException {
            Socket socket = SocketChannel.open().socket();
            PAGE.get().opened(socket);
            return socket;
        }

        /**
         * HttpClient goes on to the host's next address when a handshake fails, and tells that address's failure alone:
         * an untrusted certificate on 127.0.0.1 would be told as "Connection refused", by ::1. Unchecked, the failure
         * ends the page at once.
         */
        private static TlsSocketStrategy once(TlsSocketStrategy tls) {
            return (socket, host, port, attachment, context) -> {
                try {
                    return tls.upgrade(socket, host, port, attachment, context);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            };
        }

        @Override
        public void connect(ManagedHttpClientConnection connection, HttpHost host, NamedEndpoint name, Path unixSocket,
                InetSocketAddress local, Timeout timeout, SocketConfig config, Object attachment, HttpContext context)
                throws IOException {
            PageRun page = PageRun.of(context);
            page.begin(Bound.CONNECT);
            ScopedValue.where(PAGE, page).<Void, IOException>call(() -> {
                super.connect(connection, host, name, unixSocket, local, timeout, config, attachment, context);
                return null;
            });
            page.connectedBy(connection.getSocket().getClass());
            SSLSession session = connection.getSSLSession();
            if (session != null) {
                LOG.debug("page {}: handshake done, {} {}", page.id(), session.getProtocol(), session.getCipherSuite());
            }
        }

        @Override
        protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
            PageRun page = PageRun.of(context);
            LOG.debug("page {}: opening a connection to {}", page.id(), host.toHostString());
            page.mark(Step.CONNECT_START);
        }

        @Override
        protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
            PageRun page = PageRun.of(context);
            page.mark(Step.CONNECTED);
            page.end(Bound.CONNECT);
        }

        @Override
        protected void onBeforeTlsHandshake(HttpContext context, HttpHost host) {
            PageRun.of(context).begin(Bound.HANDSHAKE);
        }

        @Override
        protected void onAfterTlsHandshake(HttpContext context, HttpHost host) {
            PageRun page = PageRun.of(context);
            page.mark(Step.HANDSHAKEN);
            page.end(Bound.HANDSHAKE);
        }
    }

    private static final class MarkingExecutor extends HttpRequestExecutor {

        /** @throws IllegalStateException for an error of the page's: at any error HttpClient closes every connection */
        @Override
        public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
                HttpResponseInformationCallback informed, HttpContext context) throws IOException, HttpException {
            PageRun page = PageRun.of(context);
            page.mark(Step.SENT);
            try {
                ClassicHttpResponse response = super.execute(request, connection, informed, context);
                page.mark(Step.FIRST_BYTE);
                return response;
            } catch (Error ofThisPage) {
                throw new IllegalStateException(ofThisPage);
            }
        }
    }
}
