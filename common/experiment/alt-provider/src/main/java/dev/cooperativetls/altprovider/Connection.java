package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import tlschannel.WouldBlockException;

/**
 * A TLS connection over a non-blocking channel. A {@code Connection} never blocks. A call that would block throws
 * {@link tlschannel.NeedsReadException} or {@link tlschannel.NeedsWriteException}. The caller retries it with the same
 * arguments when the channel is readable or writable.
 *
 * <p>The calls that declare {@link WouldBlockException} are called the blocking calls. A wrapper that waits in its own
 * way must override each of them. One reader and one writer may use a connection at the same time.
 *
 * <p>Python: {@code OpenSSL.SSL.Connection}, with {@code WantReadError} and {@code WantWriteError}.
 */
public interface Connection {

    /**
     * Starts the handshake or continues it.
     *
     * @throws javax.net.ssl.SSLHandshakeException if the two sides do not agree, or one does not trust the other
     */
    void handshake() throws WouldBlockException, IOException;

    /**
     * Reads into a new array. Python: {@code recv}.
     *
     * @param max the maximum number of bytes, at least 1
     * @return the bytes that were read, at least one; an empty array at the end of the stream
     * @throws javax.net.ssl.SSLException if the stream ends without the peer's close_notify
     */
    byte[] read(int max) throws WouldBlockException, IOException;

    /**
     * Reads into the caller's buffer and so avoids a copy. Python: {@code recv_into}.
     *
     * @return the number of bytes that were read, or -1 at the end of the stream
     * @throws javax.net.ssl.SSLException if the stream ends without the peer's close_notify
     */
    int readInto(ByteBuffer buffer) throws WouldBlockException, IOException;

    /**
     * Writes all remaining bytes of the buffer. Part of the bytes may be accepted before a {@link WouldBlockException};
     * the buffer's position shows how many. Retry with the same buffer, even if no bytes remain in it.
     * Python: {@code send}.
     *
     * @throws java.net.SocketException if the peer has closed or reset the connection
     */
    void write(ByteBuffer data) throws WouldBlockException, IOException;

    /** Sends all pending bytes and then close_notify. */
    void shutdown() throws WouldBlockException, IOException;

    /**
     * Returns the underlying channel, in non-blocking mode. {@code SO_TIMEOUT} of its socket limits each wait. Read
     * this option before each wait, because it changes during a {@link #shutdown} that has a time limit.
     */
    SocketChannel channel();
}
