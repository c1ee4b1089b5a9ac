package dev.cooperativetls.realclients;

import dev.cooperativetls.altprovider.ChannelSocketFactory;
import java.io.IOException;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/** Apache HttpClient 5, classic. It layers TLS over a plain socket of its own, which needs a channel. */
final class HttpClient5 implements Client {

    private final CloseableHttpClient client;
    private volatile String socketClass;

    /** @param pages how many connections it may have; of itself it opens five to a host, and all else waits for them */
    HttpClient5(Tls tls, int pages) {
        this(tls, pages, _ -> ChannelSocketFactory.getDefault().createSocket());
    }

    HttpClient5(Tls tls, int pages, DetachedSocketFactory plain) {
        var connections = new PoolingHttpClientConnectionManager(
                new DefaultHttpClientConnectionOperator(plain, null, null,
                        RegistryBuilder.<TlsSocketStrategy>create().register("https", noting(tls)).build()),
                null, null, null, null);
        connections.setMaxTotal(pages);
        connections.setDefaultMaxPerRoute(pages);
        client = HttpClients.custom().setConnectionManager(connections).build();
    }

    private TlsSocketStrategy noting(Tls tls) {
        var strategy = new DefaultClientTlsStrategy(tls.context());
        return (plain, host, port, attachment, context) -> {
            var socket = strategy.upgrade(plain, host, port, attachment, context);
            socketClass = socket.getClass().getName();
            return socket;
        };
    }

    @Override
    public Answer send(Request request, Marks marks) throws IOException {
        var message = request.body() == null ? ClassicRequestBuilder.get(request.uri())
                : ClassicRequestBuilder.post(request.uri())
                        .setEntity(request.body(), ContentType.APPLICATION_OCTET_STREAM);
        marks.sent(); // or a little later: first it connects
        return client.execute(message.build(), response -> {
            marks.firstByte();
            byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
            return new Answer(response.getCode(), response.getVersion().format().toLowerCase(), body);
        });
    }

    @Override
    public String socketClass() {
        return socketClass;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
