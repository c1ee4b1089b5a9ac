package dev.cooperativetls.server;

import java.net.URI;
import java.nio.file.Path;

/**
 * A running server that answers {@code /delay/{seconds}} after that time, and counts the requests it holds meanwhile.
 * Safe for use by several threads.
 */
public interface DelayServer extends AutoCloseable {

    /** Where it serves TLS: {@code https://localhost:PORT}, without a path. */
    URI httpsUrl();

    /** Where it serves plain HTTP: {@code http://localhost:PORT}, without a path. */
    URI httpUrl();

    /** A PEM file with the CA to trust. {@link #close()} removes it. */
    Path caFile();

    /** The requests held, since the start or the last {@link #resetHeld()}. */
    HeldRequests held();

    /** Begins the count anew. Requests that are held right now stay counted. */
    void resetHeld();

    /** Stops the server and removes its files. Requests still held get no answer. May be called twice. */
    @Override
    void close();
}
