package dev.cooperativetls.realclients;

import dev.cooperativetls.altprovider.ChannelSocketFactory;
import dev.cooperativetls.realclients.Client.Answer;
import dev.cooperativetls.realclients.Client.Marks;
import dev.cooperativetls.realclients.Client.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.net.SocketFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import okhttp3.OkHttpClient;

/** What a client must do or survive. Each is run in a JVM in which the provider comes first, on a virtual thread. */
enum Scenario {

    A_PAGE_IS_FETCHED {
        @Override
        void play(Scene scene) throws Exception {
            try (Client client = scene.client()) {
                expectPage(client, scene.uri(HELLO), scene.setup());
            }
        }
    },
    A_POST_OF_10_MB_COMES_BACK {
        @Override
        void play(Scene scene) throws Exception {
            try (Client client = scene.client()) {
                Answer answer = client.send(new Request(scene.uri(ECHO), tenMegabytes()), NOBODY);
                expect(answer.status() == 200, "status " + answer.status());
                expect(Arrays.equals(answer.body(), tenMegabytes()), "another body of " + answer.body().length);
            }
        }
    },
    A_SECOND_REQUEST_USES_THE_SAME_CONNECTION {
        @Override
        void play(Scene scene) throws Exception {
            try (PassThrough way = PassThrough.at("127.0.0.1", scene.server().getPort());
                    Client client = scene.client()) {
                expectPage(client, scene.uri(way, HELLO), scene.setup());
                expectPage(client, scene.uri(way, HELLO), scene.setup());
                // Before a POST OkHttp reads for a millisecond, to see whether the connection is still there.
                expect(client.send(new Request(scene.uri(way, HELLO), new byte[1]), NOBODY), TEXT);
                expect(way.connections() == 1, way.connections() + " connections");
            }
        }
    },
    /** It is cut without a goodbye, and used at once. */
    A_CONNECTION_THAT_WENT_STALE_IS_MADE_ANEW {
        @Override
        void play(Scene scene) throws Exception {
            try (PassThrough way = PassThrough.at("127.0.0.1", scene.server().getPort());
                    Client client = scene.client()) {
                expectPage(client, scene.uri(way, HELLO), scene.setup());
                way.dropAll();
                if (scene.setup().alwaysTriesAgain()) {
                    expectPage(client, scene.uri(way, HELLO), scene.setup());
                } else {
                    expectPageOrIoException(client, scene.uri(way, HELLO), scene.setup());
                }
                expectPage(client, scene.uri(way, HELLO), scene.setup());
                expect(way.connections() == 2, way.connections() + " connections");
            }
        }
    },
    A_CHUNKED_ANSWER_IS_WHOLE {
        @Override
        void play(Scene scene) throws Exception {
            try (Client client = scene.client()) {
                expect(client.send(Request.get(scene.uri(CHUNKED)), NOBODY), TEXT);
            }
        }
    },
    A_GZIPPED_ANSWER_IS_UNZIPPED {
        @Override
        void play(Scene scene) throws Exception {
            try (Client client = scene.client()) {
                expect(client.send(Request.get(scene.uri(GZIP)), NOBODY), TEXT);
            }
        }
    },
    AN_EMPTY_RESPONSE_FAILS {
        @Override
        void play(Scene scene) throws Exception {
            expectFailure(scene, "/fault/EMPTY_RESPONSE");
        }
    },
    A_MALFORMED_CHUNK_FAILS {
        @Override
        void play(Scene scene) throws Exception {
            expectFailure(scene, "/fault/MALFORMED_RESPONSE_CHUNK");
        }
    },
    RANDOM_DATA_FAILS {
        @Override
        void play(Scene scene) throws Exception {
            expectFailure(scene, "/fault/RANDOM_DATA_THEN_CLOSE");
        }
    },
    A_RESET_FAILS {
        @Override
        void play(Scene scene) throws Exception {
            expectFailure(scene, "/fault/CONNECTION_RESET_BY_PEER");
        }
    },
    A_BODY_CUT_SHORT_FAILS {
        @Override
        void play(Scene scene) throws Exception {
            try (PassThrough way = PassThrough.at("127.0.0.1", scene.server().getPort());
                    Client client = scene.client()) {
                way.cutAnswersAfter(500_000);
                expectIoException(client, scene.uri(way, BIG));
                way.cutAnswersAfter(Long.MAX_VALUE);
                expectPage(client, scene.uri(way, HELLO), scene.setup());
            }
        }
    },
    AN_UNTRUSTED_CERTIFICATE_IS_REFUSED {
        @Override
        void play(Scene scene) throws Exception {
            try (Client client = scene.setup().client(Tls.trusting(scene.anotherCaFile()))) {
                expect(expectIoException(client, scene.uri(HELLO)) instanceof SSLException, "not by TLS");
            }
        }
    },
    A_WRONG_HOST_NAME_IS_REFUSED {
        @Override
        void play(Scene scene) throws Exception {
            try (PassThrough way = PassThrough.at("127.0.0.2", scene.server().getPort());
                    Client client = scene.client()) {
                URI uri = URI.create("https://127.0.0.2:" + way.port() + HELLO);
                expect(expectIoException(client, uri) instanceof SSLException, "not by TLS");
            }
        }
    },
    A_PLAIN_SOCKET_WITHOUT_A_CHANNEL_IS_REFUSED_AND_SAYS_WHAT_TO_USE {
        @Override
        boolean concerns(Setup setup) {
            return setup == Setup.HTTPCLIENT_5 || setup.library() == Library.OKHTTP;
        }

        @Override
        void play(Scene scene) throws Exception {
            try (Client client = scene.setup() == Setup.HTTPCLIENT_5
                    ? new HttpClient5(scene.tls(), 10, _ -> new Socket())
                    : new OkHttp(scene.tls(), scene.setup().http2(), SocketFactory.getDefault())) {
                expectRefusal(client, scene.uri(HELLO));
            }
        }
    },
    /** At an IOException the JDK would connect past the proxy, "as a last resort". */
    THROUGH_A_PROXY_THE_LAYERING_IS_REFUSED_AND_THE_PROXY_NOT_PASSED_BY {
        @Override
        boolean concerns(Setup setup) {
            return setup == Setup.HTTP_URL_CONNECTION;
        }

        @Override
        void play(Scene scene) throws Exception {
            try (PassThrough proxy = PassThrough.httpProxy(scene.server().getPort());
                    Client client = new UrlConnectionClient(scene.tls(), new Proxy(Proxy.Type.HTTP,
                            new InetSocketAddress("127.0.0.1", proxy.port())))) {
                expectRefusal(client, scene.uri(HELLO));
                expect(proxy.connections() == 1 && proxy.passed() == 0,
                        "the proxy passed on " + proxy.passed() + " bytes");
            }
        }
    },
    THE_CLIENT_TAKES_THE_PROVIDERS_TLS_OF_ITSELF_TOO {
        @Override
        boolean concerns(Setup setup) {
            return setup != Setup.HTTPCLIENT_5; // which does not tell
        }

        @Override
        void play(Scene scene) {
            String taken = switch (scene.setup().library()) {
                case HTTP_URL_CONNECTION -> HttpsURLConnection.getDefaultSSLSocketFactory().toString();
                case OKHTTP -> new OkHttpClient.Builder().socketFactory(ChannelSocketFactory.getDefault()).build()
                        .sslSocketFactory().toString();
                case JAVA_NET_HTTP -> HttpClient.newHttpClient().sslContext().getProvider().toString();
                case HTTPCLIENT_5 -> "";
            };
            expect(taken.contains("AltTLS") || taken.contains("dev.cooperativetls.altprovider."), taken);
        }
    },
    /** In TLS 1.2, whose sessions are kept. */
    THE_SESSION_IS_ONE_OF_THE_PROVIDERS_ENGINES {
        @Override
        boolean concerns(Setup setup) {
            return setup.library() == Library.JAVA_NET_HTTP;
        }

        @Override
        void play(Scene scene) throws Exception {
            SSLContext context = scene.tls().context();
            try (var client = HttpClient.newBuilder().sslContext(context)
                    .sslParameters(new SSLParameters(null, new String[] {"TLSv1.2"})).build()) {
                SSLSession session = client
                        .send(HttpRequest.newBuilder(scene.uri(HELLO)).build(), BodyHandlers.discarding())
                        .sslSession().orElseThrow();
                SSLSessionContext kept = context.getClientSessionContext();
                expect(kept.getClass().getName().startsWith("org.bouncycastle."), kept.toString());
                expect(kept.getSession(session.getId()) != null, "not among the engines' sessions");
            }
        }
    };

    static final String HELLO = "/hello";
    static final String ECHO = "/echo";
    static final String CHUNKED = "/chunked";
    static final String GZIP = "/gzip";
    static final String BIG = "/big";
    static final String TEXT = "Nothing is lost, whatever way it comes. ".repeat(1000);

    private static final Marks NOBODY = new Marks() {
        @Override
        public void sent() {
            // Nobody wants to know.
        }

        @Override
        public void firstByte() {
            // Nobody wants to know.
        }
    };

    /** Plays it; whatever it throws tells what is wrong. */
    abstract void play(Scene scene) throws Exception;

    /** Whether it is one for this client. */
    boolean concerns(Setup setup) {
        return true;
    }

    /** The same ones in every JVM. */
    static byte[] tenMegabytes() {
        byte[] bytes = new byte[10 * 1024 * 1024];
        new Random(10).nextBytes(bytes);
        return bytes;
    }

    private static void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private static void expect(Answer answer, String body) {
        expect(answer.status() == 200, "status " + answer.status());
        expect(new String(answer.body(), StandardCharsets.UTF_8).equals(body), "another body");
    }

    private static void expectPage(Client client, URI uri, Setup setup) throws IOException, InterruptedException {
        Answer answer = client.send(Request.get(uri), NOBODY);
        expect(answer, TEXT);
        expect(answer.protocol().equals(setup.http2() ? "h2" : "http/1.1"), "protocol " + answer.protocol());
    }

    private static IOException expectIoException(Client client, URI uri) throws InterruptedException {
        try {
            Answer answer = client.send(Request.get(uri), NOBODY);
            throw new AssertionError("a false success: " + answer.status() + ", " + answer.body().length + " bytes");
        } catch (IOException expected) {
            return expected;
        }
    }

    private static void expectRefusal(Client client, URI uri) throws IOException, InterruptedException {
        try {
            Answer answer = client.send(Request.get(uri), NOBODY);
            throw new AssertionError("not refused: " + answer.status());
        } catch (IllegalArgumentException refused) {
            expect(refused.getMessage().contains("ChannelSocketFactory"), refused.toString());
        }
    }

    private static void expectPageOrIoException(Client client, URI uri, Setup setup) throws InterruptedException {
        try {
            expectPage(client, uri, setup);
        } catch (IOException _) {
            // Told, and not taken for an answer.
        }
    }

    private static void expectFailure(Scene scene, String path) throws Exception {
        try (Client client = scene.client()) {
            expectIoException(client, scene.uri(path));
            expectPage(client, scene.uri(HELLO), scene.setup());
        }
    }
}
