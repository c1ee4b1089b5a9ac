package dev.cooperativetls.httpclients;

import dev.cooperativetls.events.Step;
import dev.cooperativetls.fetch.ClientSettings;
import dev.cooperativetls.fetch.PageClient;
import dev.cooperativetls.fetch.PageProgress;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HttpsURLConnection;

/**
 * {@link HttpURLConnection}. It gets an unconnected socket from the TLS factory and connects that socket, so it needs
 * no plain socket. It reports the steps of a new TLS connection. Over plain HTTP it cannot distinguish a new connection
 * from a kept one, and reports only {@code SENT} and later steps.
 */
public final class UrlConnection implements PageClient {

    private ClientSettings settings;
    private ObservedSocketFactory sockets;

    /** Creates the service; {@link #open} makes it usable. */
    public UrlConnection() {}

    @Override
    public String name() {
        return "http-url-connection";
    }

    @Override
    public void open(ClientSettings settings) {
        this.settings = settings;
        this.sockets = new ObservedSocketFactory(settings.tls().context().getSocketFactory());
    }

    /** Applies the run's settings to a connection that is not open yet, and returns it. */
    HttpURLConnection configured(URLConnection connection) {
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(sockets);
            if (!settings.tls().verifiesHostNames()) {
                https.setHostnameVerifier((_, _) -> true);
            }
        }
        connection.setConnectTimeout(Math.toIntExact(settings.timeout().toMillis()));
        connection.setReadTimeout(settings.readTimeoutMillis());
        return (HttpURLConnection) connection;
    }

    @Override
    public void get(URI uri, PageProgress page) throws IOException {
        HttpURLConnection connection = configured(uri.toURL().openConnection());
        var opened = new AtomicBoolean();
        ObservedSocketFactory.observe(socket -> {
            opened.set(true);
            page.connectedBy(socket);
            page.reached(Step.CONNECT_START);
        }, () -> get(connection, opened, page));
    }

    private static Void get(HttpURLConnection connection, AtomicBoolean opened, PageProgress page) throws IOException {
        connection.connect(); // with the TLS handshake
        if (opened.get() && connection instanceof HttpsURLConnection https) {
            page.handshaken(https.getSSLSession().orElseThrow().getProtocol(), https.getCipherSuite());
        }
        page.reached(Step.SENT);
        int status = connection.getResponseCode();
        page.answered(status, PageProgress.HTTP_1_1);
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        if (body != null) {
            page.read(body);
        }
        return null;
    }

    @Override
    public Set<Step> unreported() {
        return EnumSet.of(Step.CONNECTED);
    }

    /** Does nothing. The JVM keeps the connections of all users, and closes them after five seconds. */
    @Override
    public void close() {
        // See above.
    }
}
