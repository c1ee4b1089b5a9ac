package dev.cooperativetls.httpclients;

import dev.cooperativetls.events.Step;
import dev.cooperativetls.fetch.ClientSettings;
import dev.cooperativetls.fetch.PageClient;
import dev.cooperativetls.fetch.PageProgress;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/**
 * Apache HttpClient 5 with its defaults. The client of fetch uses no connection twice and repeats no request. This
 * class is not a service, so {@code fetch} finds it only by its class name.
 */
public final class DefaultHttpClient5 implements PageClient {

    private CloseableHttpClient client;

    @Override
    public String name() {
        return "default-httpclient5";
    }

    @Override
    public void open(ClientSettings settings) {
        var tls = RegistryBuilder.<TlsSocketStrategy>create()
                .register("https", new DefaultClientTlsStrategy(settings.tls().context())).build();
        client = HttpClients.custom().setConnectionManager(new PoolingHttpClientConnectionManager(
                new DefaultHttpClientConnectionOperator((Proxy _) -> settings.newSocket(), null, null, tls),
                null, null, null, null)).build();
    }

    CloseableHttpClient library() {
        return client;
    }

    @Override
    public void get(URI uri, PageProgress page) throws IOException {
        client.execute(ClassicRequestBuilder.get(uri).build(), response -> {
            page.answered(response.getCode(), PageProgress.HTTP_1_1);
            page.read(response.getEntity().getContent());
            return null;
        });
    }

    @Override
    public Set<Step> unreported() {
        return EnumSet.of(Step.CONNECT_START, Step.CONNECTED, Step.HANDSHAKEN, Step.SENT);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
