package dev.cooperativetls.httpclients;

import dev.cooperativetls.events.Step;
import dev.cooperativetls.fetch.ClientSettings;
import dev.cooperativetls.fetch.PageClient;
import dev.cooperativetls.fetch.PageProgress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@link java.net.http.HttpClient}, over HTTP/2 if the server offers it and the settings allow it. It uses an engine of
 * the TLS context and no socket, and does not report when it connects or sends.
 *
 * <p>Host names are verified by the trust manager of the context. So {@link dev.cooperativetls.fetch.Tls#insecure}
 * needs no setting here.
 */
public final class JavaNetHttp implements PageClient {

    private HttpClient client;
    private Duration readTimeout;
    private Class<?> engine;

    /** Creates the service; {@link #open} makes it usable. */
    public JavaNetHttp() {}

    @Override
    public String name() {
        return "java.net.http";
    }

    @Override
    public void open(ClientSettings settings) {
        readTimeout = settings.readTimeout();
        engine = settings.tls().context().createSSLEngine().getClass();
        client = HttpClient.newBuilder()
                .sslContext(settings.tls().context())
                .version(settings.http1() ? Version.HTTP_1_1 : Version.HTTP_2)
                .connectTimeout(settings.timeout())
                .build();
    }

    /** Returns the library's object, for requests other than a page. */
    HttpClient library() {
        return client;
    }

    @Override
    public void get(URI uri, PageProgress page) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri);
        if (readTimeout != null) {
            request.timeout(readTimeout); // from the start until the response's head; the body has no timeout
        }
        if (uri.getScheme().equalsIgnoreCase("https")) {
            page.connectedBy(engine);
        }
        page.read(client.send(request.build(), head -> {
            page.answered(head.statusCode(),
                    head.version() == Version.HTTP_2 ? PageProgress.HTTP_2 : PageProgress.HTTP_1_1);
            return BodySubscribers.ofInputStream();
        }).body());
    }

    @Override
    public Set<Step> unreported() {
        return EnumSet.of(Step.CONNECT_START, Step.CONNECTED, Step.HANDSHAKEN, Step.SENT);
    }

    @Override
    public Set<String> httpVersions() {
        return Set.of(PageProgress.HTTP_1_1, PageProgress.HTTP_2);
    }

    @Override
    public void close() {
        client.shutdownNow(); // close() would wait for pages that are stuck
    }
}
