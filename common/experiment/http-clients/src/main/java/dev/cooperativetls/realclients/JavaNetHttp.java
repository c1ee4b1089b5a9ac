package dev.cooperativetls.realclients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;

/** {@link java.net.http.HttpClient}. It takes an engine from the context, and waits in a selector of its own. */
final class JavaNetHttp implements Client {

    private final HttpClient client;

    /** @param http2 whether to offer it beside HTTP/1.1, as it does if it is not told otherwise */
    JavaNetHttp(Tls tls, boolean http2) {
        client = HttpClient.newBuilder()
                .sslContext(tls.context())
                .version(http2 ? Version.HTTP_2 : Version.HTTP_1_1)
                .build();
    }

    @Override
    public Answer send(Request request, Marks marks) throws IOException, InterruptedException {
        var message = HttpRequest.newBuilder(request.uri())
                .header("Accept-Encoding", "gzip"); // it never asks by itself
        if (request.body() != null) {
            message.POST(BodyPublishers.ofByteArray(request.body()));
        }
        marks.sent(); // or a little later: first it connects
        HttpResponse<byte[]> response = client.send(message.build(), head -> {
            marks.firstByte();
            return BodyHandlers.ofByteArray().apply(head);
        });
        return new Answer(response.statusCode(), response.version() == Version.HTTP_2 ? "h2" : "http/1.1",
                decoded(response));
    }

    private static byte[] decoded(HttpResponse<byte[]> response) throws IOException {
        if (!response.headers().firstValue("Content-Encoding").orElse("").equals("gzip")) {
            return response.body();
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            return in.readAllBytes();
        }
    }

    @Override
    public String socketClass() {
        return null;
    }

    @Override
    public void close() {
        client.shutdownNow(); // close() would wait for requests that are stuck
    }
}
