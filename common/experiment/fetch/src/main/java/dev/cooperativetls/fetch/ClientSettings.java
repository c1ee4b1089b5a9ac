package dev.cooperativetls.fetch;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * The settings of a run that concern its HTTP client.
 *
 * @param tls the TLS context of the run, and the certificates that it trusts
 * @param pages the number of concurrent pages, each of which needs a connection
 * @param http1 whether to offer HTTP/1.1 only
 * @param channelSockets whether plain sockets must have a {@link SocketChannel}; see {@link #newSocket}
 * @param timeout the timeout of each wait, which is a little longer than the timeout of the run
 * @param readTimeout the timeout of each wait for bytes; null if only {@code timeout} limits it
 */
public record ClientSettings(Tls tls, int pages, boolean http1, boolean channelSockets, Duration timeout,
        Duration readTimeout) {

    /**
     * Returns a new, unconnected plain socket, with a channel if {@code channelSockets} is set. A client that layers
     * TLS over a plain socket should use this method, because some TLS providers need a channel.
     *
     * @throws IOException if the system has no more sockets
     */
    public Socket newSocket() throws IOException {
        return channelSockets ? SocketChannel.open().socket() : new Socket();
    }

    /** Returns the timeout of each wait for bytes, in milliseconds, rounded up. */
    public int readTimeoutMillis() {
        Duration time = readTimeout == null ? timeout : readTimeout;
        return Math.toIntExact(Math.ceilDiv(time.toNanos(), 1_000_000));
    }
}
