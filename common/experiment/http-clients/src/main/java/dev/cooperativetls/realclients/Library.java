package dev.cooperativetls.realclients;

/** The clients there are. */
enum Library {
    HTTP_URL_CONNECTION("http-url-connection") {
        @Override
        Client client(Tls tls, int pages, boolean http2) {
            return new UrlConnectionClient(tls);
        }
    },
    HTTPCLIENT_5("httpclient5") {
        @Override
        Client client(Tls tls, int pages, boolean http2) {
            return new HttpClient5(tls, pages);
        }
    },
    OKHTTP("okhttp") {
        @Override
        Client client(Tls tls, int pages, boolean http2) {
            return new OkHttp(tls, http2);
        }
    },
    JAVA_NET_HTTP("java.net.http") {
        @Override
        Client client(Tls tls, int pages, boolean http2) {
            return new JavaNetHttp(tls, http2);
        }
    };

    private final String option;

    Library(String option) {
        this.option = option;
    }

    /**
     * A client of this library.
     *
     * @param pages how many are to be on their way at once
     * @param http2 whether to offer HTTP/2, where the library has it
     */
    abstract Client client(Tls tls, int pages, boolean http2);

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return option;
    }
}
