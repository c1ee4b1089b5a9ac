package dev.cooperativetls.httpclients;

import dev.cooperativetls.events.Step;
import dev.cooperativetls.fetch.ClientSettings;
import dev.cooperativetls.fetch.PageClient;
import dev.cooperativetls.fetch.PageProgress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;

/**
 * OkHttp, over HTTP/2 if the server offers it and the settings allow it. It reports every step of a page that opens a
 * connection. Over HTTP/2 other pages share that connection and report only {@code SENT} and later steps.
 */
public final class OkHttp implements PageClient {

    private OkHttpClient client;

    /** Creates the service; {@link #open} makes it usable. */
    public OkHttp() {}

    @Override
    public String name() {
        return "okhttp";
    }

    @Override
    public void open(ClientSettings settings) {
        var tls = settings.tls();
        var builder = new OkHttpClient.Builder()
                .socketFactory(new PlainSockets(settings))
                .sslSocketFactory(tls.context().getSocketFactory(), tls.trust())
                .eventListenerFactory(OkHttp::listener)
                .connectTimeout(settings.timeout())
                .readTimeout(Duration.ofMillis(settings.readTimeoutMillis()))
                .writeTimeout(settings.timeout());
        if (settings.http1()) {
            builder.protocols(List.of(Protocol.HTTP_1_1));
        }
        if (!tls.verifiesHostNames()) {
            builder.hostnameVerifier((_, _) -> true);
        }
        client = builder.build();
    }

    /** Returns the library's object, for requests other than a page. */
    OkHttpClient library() {
        return client;
    }

    @Override
    public void get(URI uri, PageProgress page) throws IOException {
        var request = new Request.Builder().url(uri.toURL()).tag(PageProgress.class, page).build();
        try (var response = client.newCall(request).execute()) {
            page.answered(response.code(), response.protocol().toString());
            page.read(response.body().byteStream());
        }
    }

    @Override
    public Set<Step> unreported() {
        return Set.of();
    }

    @Override
    public Set<String> httpVersions() {
        return Set.of(PageProgress.HTTP_1_1, PageProgress.HTTP_2);
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
    }

    private static EventListener listener(Call call) {
        PageProgress page = call.request().tag(PageProgress.class);
        return page == null ? EventListener.NONE : new Reporter(page);
    }

    private static final class Reporter extends EventListener {

        private final PageProgress page;

        Reporter(PageProgress page) {
            this.page = page;
        }

        @Override
        public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
            page.reached(Step.CONNECT_START);
        }

        @Override
        public void secureConnectStart(Call call) {
            page.reached(Step.CONNECTED);
        }

        @Override
        public void secureConnectEnd(Call call, Handshake handshake) {
            page.handshaken(handshake.tlsVersion().javaName(), handshake.cipherSuite().javaName());
        }

        /** Reports the step over plain HTTP. Over TLS, OkHttp calls this method only after the handshake. */
        @Override
        public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, Protocol protocol) {
            if (!call.request().isHttps()) {
                page.reached(Step.CONNECTED);
            }
        }

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            page.connectedBy(connection.socket().getClass());
        }

        @Override
        public void requestHeadersStart(Call call) {
            page.reached(Step.SENT);
        }
    }

    /** A factory of unconnected plain sockets, with or without a channel. OkHttp connects them itself. */
    private static final class PlainSockets extends SocketFactory {

        private final ClientSettings settings;

        PlainSockets(ClientSettings settings) {
            this.settings = settings;
        }

        @Override
        public Socket createSocket() throws IOException {
            return settings.newSocket();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw connected();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw connected();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw connected();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            throw connected();
        }

        private static UnsupportedOperationException connected() {
            return new UnsupportedOperationException("OkHttp requests only unconnected sockets");
        }
    }
}
