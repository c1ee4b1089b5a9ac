package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient 5, classic, with one connection per page. It reports every step. */
public final class HttpClient5 implements PageClient {

    private CloseableHttpClient client;

    /** Creates the service; {@link #open} makes it usable. */
    public HttpClient5() {}

    @Override
    public String name() {
        return "httpclient5";
    }

    @Override
    public void open(ClientSettings settings) {
        var wait = Timeout.of(settings.timeout());
        var readWait = Timeout.ofMilliseconds(settings.readTimeoutMillis());
        var connections = new PoolingHttpClientConnectionManager(
                new ReportingOperator(settings), null, null, null, ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom().setMaxHeaderCount(1000).setMaxLineLength(64 * 1024).build())
                        // HttpClient's own parser skips lines before the status line, so it would report garbage as
                        // an empty response.
                        .responseParserFactory(DefaultHttpResponseParser::new)
                        .build());
        connections.setMaxTotal(settings.pages());
        connections.setDefaultMaxPerRoute(settings.pages()); // HttpClient's default is five per host
        connections.setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(readWait).build());
        connections.setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(wait).setSocketTimeout(readWait).build());
        connections.setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(readWait).build());
        client = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setRequestExecutor(new ReportingExecutor())
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

    @Override
    public void get(URI uri, PageProgress page) throws IOException {
        var context = HttpClientContext.create();
        context.setAttribute(PageProgress.class.getName(), page);
        context.setUserToken(page); // so that no other page uses this page's connection
        client.execute(new HttpGet(uri), context, response -> {
            page.answered(response.getCode(), PageProgress.HTTP_1_1);
            HttpEntity body = response.getEntity();
            if (body != null) {
                requireLength(body);
                page.read(body.getContent());
            }
            return null;
        });
    }

    /**
     * Refuses a response that states no length. HttpCore 5.4 treats the end of the stream as the end of the head. So a
     * head that is cut off before its Content-Length would look like a complete response with an empty body.
     */
    private static void requireLength(HttpEntity body) throws ProtocolException {
        if (body.getContentLength() < 0 && !body.isChunked()) {
            throw new ProtocolException("the response states no length: its head or body may be cut off");
        }
    }

    @Override
    public Set<Step> unreported() {
        return Set.of();
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private static PageProgress page(HttpContext context) {
        return (PageProgress) context.getAttribute(PageProgress.class.getName());
    }

    private static TlsSocketStrategy strategy(Tls tls) {
        return tls.verifiesHostNames()
                ? new DefaultClientTlsStrategy(tls.context(), HostnameVerificationPolicy.BOTH,
                        HttpsSupport.getDefaultHostnameVerifier())
                : new DefaultClientTlsStrategy(tls.context(), HostnameVerificationPolicy.CLIENT,
                        NoopHostnameVerifier.INSTANCE);
    }

    /** An operator that opens connections, with plain sockets of the run's settings, and reports the steps. */
    private static final class ReportingOperator extends DefaultHttpClientConnectionOperator {

        ReportingOperator(ClientSettings settings) {
            super((Proxy _) -> settings.newSocket(), null, null, RegistryBuilder.<TlsSocketStrategy>create()
                    .register(URIScheme.HTTPS.id, once(strategy(settings.tls()))).build());
        }

        /**
         * Makes a failed handshake end the page immediately, with an unchecked exception. After a checked exception
         * HttpClient tries the host's next address, and reports only the failure of that address. It would report an
         * untrusted certificate on 127.0.0.1 as "Connection refused" by ::1.
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
            super.connect(connection, host, name, unixSocket, local, timeout, config, attachment, context);
            PageProgress page = page(context);
            page.connectedBy(connection.getSocket().getClass());
            var session = connection.getSSLSession();
            if (session != null) {
                page.handshaken(session.getProtocol(), session.getCipherSuite());
            }
        }

        @Override
        protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
            page(context).reached(Step.CONNECT_START);
        }

        @Override
        protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
            page(context).reached(Step.CONNECTED);
        }
    }

    private static final class ReportingExecutor extends HttpRequestExecutor {

        /** @throws IllegalStateException instead of an error, because then HttpClient would close all connections */
        @Override
        public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
                HttpResponseInformationCallback informed, HttpContext context) throws IOException, HttpException {
            try {
                page(context).reached(Step.SENT);
                return super.execute(request, connection, informed, context);
            } catch (Error ofThisPage) {
                throw new IllegalStateException(ofThisPage);
            }
        }
    }
}
