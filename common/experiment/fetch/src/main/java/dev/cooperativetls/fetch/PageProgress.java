package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Step;
import java.io.IOException;
import java.io.InputStream;

/** One page, as its HTTP client reports it. Any thread of the client may report. */
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
     * @param protocol such as {@code TLSv1.3}; null if the client does not say
     * @param cipherSuite null if the client does not say
     */
    void handshaken(String protocol, String cipherSuite);

    /**
     * Reports the class of the socket under the page's connection: of the TLS socket, or of the TLS engine, if there is
     * one.
     */
    void connectedBy(Class<?> socket);

    /**
     * Reports that the head of the response has arrived.
     *
     * @param status the HTTP status
     * @param http the HTTP version by its ALPN name; null if the client does not say
     */
    void answered(int status, String http);

    /**
     * Reads the body to its end and closes the stream. The client calls it after {@link #answered}, if there is a body.
     *
     * @throws IOException if the body does not arrive whole
     */
    void read(InputStream body) throws IOException;
}
