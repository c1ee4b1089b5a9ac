package dev.cooperativetls.httpclients;

import dev.cooperativetls.fetch.ClientSettings;
import dev.cooperativetls.fetch.PageClient;
import dev.cooperativetls.fetch.PageProgress;
import dev.cooperativetls.fetch.Tls;
import java.time.Duration;
import java.util.function.Supplier;

/** A client with the HTTP version that it uses over TLS. Each is a row of the README's table. */
enum Setup {
    HTTP_URL_CONNECTION(UrlConnection::new, PageProgress.HTTP_1_1),
    HTTPCLIENT_5(DefaultHttpClient5::new, PageProgress.HTTP_1_1),
    OKHTTP_1(OkHttp::new, PageProgress.HTTP_1_1),
    OKHTTP_2(OkHttp::new, PageProgress.HTTP_2),
    JAVA_NET_HTTP_1(JavaNetHttp::new, PageProgress.HTTP_1_1),
    JAVA_NET_HTTP_2(JavaNetHttp::new, PageProgress.HTTP_2);

    private final Supplier<PageClient> client;
    private final String http;

    Setup(Supplier<PageClient> client, String http) {
        this.client = client;
        this.http = http;
    }

    String http() {
        return http;
    }

    Session open(Tls tls) throws Exception {
        return open(tls, true, null);
    }

    Session open(Tls tls, boolean channelSockets, Duration readTimeout) throws Exception {
        return new Session(client.get(), settings(tls, channelSockets, readTimeout));
    }

    ClientSettings settings(Tls tls, boolean channelSockets, Duration readTimeout) {
        return new ClientSettings(tls, 10, http.equals(PageProgress.HTTP_1_1), channelSockets, Duration.ofSeconds(60),
                readTimeout);
    }

    /** Returns whether a request that fails on a kept connection is always repeated on a new one. */
    boolean alwaysRepeats() {
        return switch (this) {
            case HTTP_URL_CONNECTION, OKHTTP_1, OKHTTP_2 -> true;
            case HTTPCLIENT_5, JAVA_NET_HTTP_1, JAVA_NET_HTTP_2 -> false;
        };
    }
}
