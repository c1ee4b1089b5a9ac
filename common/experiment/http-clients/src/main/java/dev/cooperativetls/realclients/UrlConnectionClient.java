package dev.cooperativetls.realclients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HttpsURLConnection;

/**
 * {@link java.net.HttpURLConnection}. It asks the TLS factory for an unconnected socket and connects that: no plain
 * socket is needed.
 */
final class UrlConnectionClient implements Client {

    private final NotingSocketFactory sockets;
    private final Proxy proxy;

    UrlConnectionClient(Tls tls) {
        this(tls, Proxy.NO_PROXY);
    }

    UrlConnectionClient(Tls tls, Proxy proxy) {
        this.sockets = new NotingSocketFactory(tls.context().getSocketFactory());
        this.proxy = proxy;
    }

    @Override
    public Answer send(Request request, Marks marks) throws IOException {
        var connection = (HttpsURLConnection) request.uri().toURL().openConnection(proxy);
        connection.setSSLSocketFactory(sockets);
        connection.setRequestProperty("Accept-Encoding", "gzip"); // it never asks by itself
        if (request.body() != null) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(request.body().length);
        }
        connection.connect();
        marks.sent();
        if (request.body() != null) {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(request.body());
            }
        }
        int status = connection.getResponseCode();
        marks.firstByte();
        String protocol = connection.getHeaderField(0).replaceFirst(" .*", "").toLowerCase();
        try (InputStream in = decoded(connection)) {
            return new Answer(status, protocol, in.readAllBytes());
        }
    }

    private static InputStream decoded(HttpsURLConnection connection) throws IOException {
        InputStream in = connection.getResponseCode() < 400 ? connection.getInputStream()
                : Objects.requireNonNullElse(connection.getErrorStream(), InputStream.nullInputStream());
        return "gzip".equals(connection.getContentEncoding()) ? new GZIPInputStream(in) : in;
    }

    @Override
    public String socketClass() {
        return sockets.socketClass();
    }

    /** Its connections are kept by the JVM, and close by themselves. */
    @Override
    public void close() {
        // See above.
    }
}
