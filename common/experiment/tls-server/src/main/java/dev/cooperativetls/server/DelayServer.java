package dev.cooperativetls.server;

import java.net.URI;
import java.nio.file.Path;

/**
 * A running server that answers {@code /delay/{seconds}} after that time, and counts its in-flight requests.
 * Thread-safe.
 */
public interface DelayServer extends AutoCloseable {

    /** Returns the base URL for TLS, {@code https://localhost:PORT}, without a path. */
    URI httpsUrl();

    /** Returns the base URL for plain HTTP, {@code http://localhost:PORT}, without a path. */
    URI httpUrl();

    /** Returns a PEM file with the CA to trust. {@link #close()} removes it. */
    Path caFile();

    /** Returns the counts of in-flight requests of all runs since the start. */
    InFlightRequests inFlight();

    /**
     * Returns the counts of in-flight requests of one run. Several runs may take place at the same time.
     *
     * @param run the name of the run, whose requests have the query argument {@code run=NAME}; letters, digits and
     *     hyphens need no encoding
     */
    InFlightRequests inFlight(String run);

    /** Stops the server and removes its files. In-flight requests get no answer. A second call does nothing. */
    @Override
    void close();
}
