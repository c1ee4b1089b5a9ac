package dev.cooperativetls.realclients;

/** A client and what it may speak: the rows of the README's table. */
enum Setup {
    HTTP_URL_CONNECTION("`HttpURLConnection`", Library.HTTP_URL_CONNECTION, false),
    HTTPCLIENT_5("Apache HttpClient 5", Library.HTTPCLIENT_5, false),
    OKHTTP_1("OkHttp 5, HTTP/1.1", Library.OKHTTP, false),
    OKHTTP_2("OkHttp 5, HTTP/2", Library.OKHTTP, true),
    JAVA_NET_HTTP_1("`java.net.http`, HTTP/1.1", Library.JAVA_NET_HTTP, false),
    JAVA_NET_HTTP_2("`java.net.http`, HTTP/2", Library.JAVA_NET_HTTP, true);

    private final String title;
    private final Library library;
    private final boolean http2;

    Setup(String title, Library library, boolean http2) {
        this.title = title;
        this.library = library;
        this.http2 = http2;
    }

    Library library() {
        return library;
    }

    boolean http2() {
        return http2;
    }

    /** Whether a request that fails on a connection that was used before is always made again on a new one. */
    boolean alwaysTriesAgain() {
        return library == Library.HTTP_URL_CONNECTION || library == Library.OKHTTP;
    }

    Client client(Tls tls) {
        return library.client(tls, 10, http2);
    }

    @Override
    public String toString() {
        return title;
    }
}
