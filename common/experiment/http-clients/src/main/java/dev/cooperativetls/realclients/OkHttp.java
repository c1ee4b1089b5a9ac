package dev.cooperativetls.realclients;

import dev.cooperativetls.altprovider.ChannelSocketFactory;
import java.io.IOException;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp. It layers TLS over a plain socket of its own, which needs a channel. */
final class OkHttp implements Client {

    private final NotingSocketFactory sockets;
    private final OkHttpClient client;

    /** @param http2 whether to offer it beside HTTP/1.1, as OkHttp does if it is not told otherwise */
    OkHttp(Tls tls, boolean http2) {
        this(tls, http2, ChannelSocketFactory.getDefault());
    }

    OkHttp(Tls tls, boolean http2, SocketFactory plain) {
        sockets = new NotingSocketFactory(tls.context().getSocketFactory());
        client = new OkHttpClient.Builder()
                .socketFactory(plain)
                .sslSocketFactory(sockets, tls.trust())
                .protocols(http2 ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1))
                .build();
    }

    @Override
    public Answer send(Request request, Marks marks) throws IOException {
        var message = new okhttp3.Request.Builder().url(request.uri().toURL());
        if (request.body() != null) {
            message.post(RequestBody.create(request.body()));
        }
        marks.sent(); // or a little later: first it connects
        try (Response response = client.newCall(message.build()).execute()) {
            marks.firstByte();
            return new Answer(response.code(), response.protocol().toString(), response.body().bytes());
        }
    }

    @Override
    public String socketClass() {
        return sockets.socketClass();
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
