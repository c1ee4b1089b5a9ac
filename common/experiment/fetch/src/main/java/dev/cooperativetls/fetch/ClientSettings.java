package dev.cooperativetls.fetch;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * The settings of a run that concern its HTTP client.
 *
 * @param tls the TLS context of the run, and whom it trusts
 * @param pages the number of pages at once, each of which needs a connection
 * @param http1 whether to offer HTTP/1.1 only
 * @param channelSockets whether plain sockets must have a {@link SocketChannel}; see {@link #newSocket}
 * @param timeout the longest that a single wait can take: a little more than the run may take
 * @param readTimeout the longest wait for bytes; null if only {@code timeout} limits it
 */
public record ClientSettings(Tls tls, int pages, boolean http1, boolean channelSockets, Duration timeout,
        Duration readTimeout) {

    /**
     * Returns a new, unconnected plain socket of the kind that the run asks for. A client that layers TLS over a plain
     * socket should take it from here: some TLS providers need a socket with a channel.
     *
     * @throws IOException if the system has no more sockets
     */
    public Socket newSocket() throws IOException {
        return channelSockets ? SocketChannel.open().socket() : new Socket();
    }

    /** Returns the longest wait for bytes, in milliseconds, rounded up. */
    public int readTimeoutMillis() {
        Duration time = readTimeout == null ? timeout : readTimeout;
        return Math.toIntExact(Math.ceilDiv(time.toNanos(), 1_000_000));
    }
}
