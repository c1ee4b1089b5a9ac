package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import tlschannel.WouldBlockException;

/**
 * A TLS connection over a non-blocking channel. None of its calls waits: one that would have to throws
 * {@link tlschannel.NeedsReadException} or {@link tlschannel.NeedsWriteException}, and is to be made again, with the
 * same arguments, once the channel is readable or writable.
 *
 * <p>The calls that declare {@link WouldBlockException} are the blocking calls: whoever wraps a connection in order to
 * wait in its own way must override each of them. One reader and one writer may use a connection at the same time.
 *
 * <p>Python: {@code OpenSSL.SSL.Connection}, with {@code WantReadError} and {@code WantWriteError}.
 */
public interface Connection {

    /**
     * Shakes hands with the peer, or goes on with it.
     *
     * @throws javax.net.ssl.SSLHandshakeException if the two do not agree, or one does not trust the other
     */
    void handshake() throws WouldBlockException, IOException;

    /**
     * Reads into an array of its own. Python: {@code recv}.
     *
     * @param max how many bytes at the most, at least 1
     * @return the bytes that are there, at least one; none at the end of the stream
     * @throws javax.net.ssl.SSLException if the stream is cut off without the peer's close_notify
     */
    byte[] read(int max) throws WouldBlockException, IOException;

    /**
     * Reads into the caller's buffer, and so without a copy. Python: {@code recv_into}.
     *
     * @return how many bytes were read, or -1 at the end of the stream
     * @throws javax.net.ssl.SSLException if the stream is cut off without the peer's close_notify
     */
    int readInto(ByteBuffer buffer) throws WouldBlockException, IOException;

    /**
     * Writes all that the buffer has left. After a {@link WouldBlockException} some of it has been taken: the
     * buffer's position tells how much. Make the call again with the same buffer, even if nothing is left in it.
     * Python: {@code send}.
     */
    void write(ByteBuffer data) throws WouldBlockException, IOException;

    /** Sends close_notify, after whatever is still to be sent. */
    void shutdown() throws WouldBlockException, IOException;

    /** The channel below, in non-blocking mode; its socket's {@code SO_TIMEOUT} bounds each wait. */
    SocketChannel channel();
}
