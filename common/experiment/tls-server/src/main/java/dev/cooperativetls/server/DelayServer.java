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

    /** Returns the requests in flight, of all runs, since the start. */
    InFlightRequests inFlight();

    /**
     * Returns the requests in flight of one run. Runs may take place at the same time.
     *
     * @param run the run's name: its requests have the query argument {@code run=NAME}. Letters, digits and hyphens
     *     need no encoding.
     */
    InFlightRequests inFlight(String run);

    /** Stops the server and removes its files. Requests in flight get no answer. It may be called twice. */
    @Override
    void close();
}
