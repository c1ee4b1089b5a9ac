package dev.cooperativetls.server;

import java.net.URI;
import java.nio.file.Path;

/**
 * A running server that answers {@code /delay/{seconds}} after that time, and counts its requests in flight.
 * Thread-safe.
 */
public interface DelayServer extends AutoCloseable {

    /** Returns the base URL of TLS: {@code https://localhost:PORT}, without a path. */
    URI httpsUrl();

    /** Returns the base URL of plain HTTP: {@code http://localhost:PORT}, without a path. */
    URI httpUrl();

    /** Returns a PEM file with the CA to trust. {@link #close()} removes it. */
    Path caFile();

    /** Returns the requests in flight, since the start or the last {@link #resetInFlight()}. */
    InFlightRequests inFlight();

    /** Restarts the count. Requests that are in flight now stay counted. */
    void resetInFlight();

    /** Stops the server and removes its files. Requests in flight get no answer. It may be called twice. */
    @Override
    void close();
}
