package dev.cooperativetls.httpclients;

import dev.cooperativetls.fetch.ClientSettings;
import dev.cooperativetls.fetch.PageClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/** An open client. Each request runs on a virtual thread, for at most 30 seconds. */
final class Session implements AutoCloseable {

    private final PageClient client;

    Session(PageClient client, ClientSettings settings) throws Exception {
        this.client = client;
        client.open(settings);
    }

    PageClient client() {
        return client;
    }

    /** Fetches a page as fetch does. */
    RecordedPage get(URI uri) throws Exception {
        var page = new RecordedPage();
        return onVirtualThread(() -> {
            client.get(uri, page);
            return page;
        });
    }

    /** Returns the answer to a request through the library, a POST or, if the body is null, a GET that allows gzip. */
    byte[] exchange(URI uri, byte[] body) throws Exception {
        return onVirtualThread(() -> switch (client) {
            case UrlConnection urlConnection -> exchange(urlConnection, uri, body);
            case DefaultHttpClient5 httpClient -> exchange(httpClient, uri, body);
            case OkHttp okHttp -> exchange(okHttp, uri, body);
            case JavaNetHttp javaNetHttp -> exchange(javaNetHttp, uri, body);
            default -> throw new IllegalStateException("no test uses " + client.name());
        });
    }

    private static byte[] exchange(UrlConnection urlConnection, URI uri, byte[] body) throws IOException {
        var connection = urlConnection.configured(uri.toURL().openConnection());
        connection.setRequestProperty("Accept-Encoding", "gzip");
        if (body != null) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try (var out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        return unzipped(connection.getInputStream(), connection.getContentEncoding());
    }

    private static byte[] exchange(DefaultHttpClient5 httpClient, URI uri, byte[] body) throws IOException {
        var request = ClassicRequestBuilder.create(method(body)).setUri(uri);
        if (body != null) {
            request.setEntity(body, ContentType.APPLICATION_OCTET_STREAM);
        }
        return httpClient.library().execute(request.build(), response -> EntityUtils.toByteArray(response.getEntity()));
    }

    private static byte[] exchange(OkHttp okHttp, URI uri, byte[] body) throws IOException {
        var request = new Request.Builder().url(uri.toURL())
                .method(method(body), body == null ? null : RequestBody.create(body)).build();
        try (var response = okHttp.library().newCall(request).execute()) {
            return response.body().bytes();
        }
    }

    private static byte[] exchange(JavaNetHttp javaNetHttp, URI uri, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip")
                .method(method(body), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        var response = javaNetHttp.library().send(request.build(), BodyHandlers.ofInputStream());
        return unzipped(response.body(), response.headers().firstValue("Content-Encoding").orElse(null));
    }

    private static String method(byte[] body) {
        return body == null ? "GET" : "POST";
    }

    private static byte[] unzipped(InputStream body, String encoding) throws IOException {
        try (var in = "gzip".equals(encoding) ? new GZIPInputStream(body) : body) {
            return in.readAllBytes();
        }
    }

    static <T> T onVirtualThread(Callable<T> request) throws Exception {
        var task = new FutureTask<>(request);
        Thread.ofVirtual().start(task);
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception e) {
                throw e;
            }
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
