package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Step;
import java.io.IOException;
import java.io.InputStream;

/** The progress of one page, as its HTTP client reports it. Any thread of the client may report. */
public interface PageProgress {

    /** The ALPN name of HTTP/1.1. */
    String HTTP_1_1 = "http/1.1";

    /** The ALPN name of HTTP/2. */
    String HTTP_2 = "h2";

    /** Returns the page's number. */
    int id();

    /**
     * Reports that the page has just reached {@code CONNECT_START}, {@code CONNECTED} or {@code SENT}. The methods
     * below report the other steps.
     */
    void reached(Step step);

    /**
     * Reports that the TLS handshake is done.
     *
     * @param protocol such as {@code TLSv1.3}; null if not known
     * @param cipherSuite null if not known
     */
    void handshaken(String protocol, String cipherSuite);

    /**
     * Reports the class of the socket under the page's connection. Over TLS it is the class of the TLS socket or TLS
     * engine.
     */
    void connectedBy(Class<?> socket);

    /**
     * Reports that the head of the response has arrived.
     *
     * @param status the HTTP status
     * @param http the HTTP version by its ALPN name; null if not known
     */
    void answered(int status, String http);

    /**
     * Reads the body to its end and closes the stream. If there is a body, the client calls this after
     * {@link #answered}.
     *
     * @throws IOException if the body does not arrive completely
     */
    void read(InputStream body) throws IOException;
}
