package dev.cooperativetls.altprovider;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import tlschannel.BufferAllocator;
import tlschannel.ClientTlsChannel;
import tlschannel.HeapBufferAllocator;
import tlschannel.NeedsWriteException;
import tlschannel.ServerTlsChannel;
import tlschannel.TlsChannel;
import tlschannel.WouldBlockException;

/** A {@link Connection} over a non-blocking socket channel. The library tls-channel drives the TLS engine. */
final class TlsChannelConnection implements Connection {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The maximum length of a record's data, and so of one read. */
    private static final int RECORD_BYTES = 1 << 14;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final CloseNotify closeNotify;
    private final DeferredWriteChannel outgoing;
    private final TlsChannel tls;
    private volatile IOException failure;

    /** The time at which a shutdown is abandoned, by {@link System#nanoTime}; null for never. */
    private volatile Long shutdownDeadline;

    TlsChannelConnection(SocketChannel channel, SSLEngine engine, CloseNotify closeNotify) {
        this.channel = channel;
        this.engine = engine;
        this.closeNotify = closeNotify;
        this.outgoing = new DeferredWriteChannel(channel);
        // The socket channel copies heap buffers into a cached direct buffer. With direct buffers, tls-channel would
        // allocate new ones for every read.
        BufferAllocator heap = new HeapBufferAllocator();
        this.tls = engine.getUseClientMode()
                ? ClientTlsChannel.newBuilder(outgoing, engine).withEncryptedBufferAllocator(heap).build()
                : ServerTlsChannel.newBuilder(outgoing, (SSLContext) null).withEngineFactory(_ -> engine)
                        .withEncryptedBufferAllocator(heap).build();
    }

    @Override
    public void handshake() throws IOException {
        rethrowFailure();
        try {
            tls.handshake();
        } catch (WouldBlockException e) {
            throw e;
        } catch (SSLException | RuntimeException e) { // BouncyCastle's engine throws the latter if no suite is left
            sendAlert();
            throw failed(e instanceof SSLHandshakeException known ? known : handshakeException(e.getMessage(), e));
        } catch (ClosedChannelException | EOFException e) {
            throw failed(channel.isOpen()
                    ? handshakeException("The peer closed the connection during the handshake", e)
                    : new SocketException("Socket closed"));
        } catch (IOException e) {
            throw failed(asSocketException(e));
        }
    }

    @Override
    public byte[] read(int max) throws IOException {
        byte[] fresh = new byte[Math.min(max, RECORD_BYTES)];
        int count = receive(ByteBuffer.wrap(fresh));
        return count == fresh.length ? fresh : Arrays.copyOf(fresh, Math.max(count, 0));
    }

    @Override
    public int readInto(ByteBuffer buffer) throws IOException {
        return receive(buffer);
    }

    private int receive(ByteBuffer buffer) throws IOException {
        rethrowFailure();
        try {
            int count = tls.read(buffer);
            if (count < 0 && !tls.shutdownReceived() && closeNotify == CloseNotify.REQUIRED) {
                throw new SSLException("The connection was cut off without close_notify: data may be missing");
            }
            return count;
        } catch (WouldBlockException e) {
            throw e;
        } catch (SSLException e) {
            sendAlert();
            throw failed(e);
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        rethrowFailure();
        try {
            do {
                int before = data.remaining();
                tls.write(data);
                // After the peer's close_notify some engines accept no bytes and report no error.
                if (before > 0 && data.remaining() == before) {
                    throw new SocketException("The peer has closed the connection");
                }
            } while (data.hasRemaining());
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    public void shutdown() throws IOException {
        try {
            if (!tls.shutdownSent()) {
                outgoing.defer();
                tls.shutdown();
                wrapAlerts(); // in a handshake there are two: user_canceled and close_notify
            }
            outgoing.flush();
        } catch (NeedsWriteException e) {
            limitNextWait();
            throw e;
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    /**
     * Limits all waits of a shutdown together. Otherwise a peer that reads a few bytes now and then could prolong it,
     * because {@code SO_TIMEOUT} limits each wait alone.
     *
     * @param nanoTime a value of {@link System#nanoTime}
     */
    void abandonShutdownAt(long nanoTime) throws IOException {
        shutdownDeadline = nanoTime;
        limitNextWait();
    }

    private void limitNextWait() throws IOException {
        if (shutdownDeadline != null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(shutdownDeadline - System.nanoTime());
            if (millis <= 0) {
                throw new SocketTimeoutException("Write timed out");
            }
            channel.socket().setSoTimeout((int) millis);
        }
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    /**
     * Sends the engine's fatal alert, so that the peer learns the reason. tls-channel leaves the alert in the engine.
     */
    private void sendAlert() {
        try {
            wrapAlerts();
        } catch (IOException | RuntimeException _) {
            // The first exception, which the caller will throw, is the one that explains the failure.
        }
    }

    private void wrapAlerts() throws IOException {
        ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && engine.wrap(NOTHING, alert).bytesProduced() > 0) {
            outgoing.write(alert.flip());
            alert.clear();
        }
    }

    private IOException failed(IOException e) {
        failure = e;
        return e;
    }

    /** Throws the first failure again, as a new exception: the first one has the stack trace of another call. */
    private void rethrowFailure() throws IOException {
        switch (failure) {
            case null -> { }
            case SSLHandshakeException first -> throw handshakeException(first.getMessage(), first);
            case SSLException first -> throw new SSLException(first.getMessage(), first);
            case SocketException first -> throw new SocketException(first.getMessage(), first);
            case IOException first -> throw new IOException(first.getMessage(), first);
        }
    }

    /**
     * The channel that tls-channel writes to. tls-channel cannot resume a shutdown that would block. Therefore, from
     * {@link #defer} on, this channel accepts all bytes and keeps them until {@link #flush}.
     */
    private static final class DeferredWriteChannel implements ByteChannel {

        private final SocketChannel channel;

        /** The bytes that are still to be sent; null if writes are not deferred. */
        private ByteBuffer deferred;

        DeferredWriteChannel(SocketChannel channel) {
            this.channel = channel;
        }

        synchronized void defer() {
            deferred = NOTHING;
        }

        /** @throws NeedsWriteException if the channel does not accept all deferred bytes */
        synchronized void flush() throws IOException {
            while (deferred != null && deferred.hasRemaining()) {
                if (channel.write(deferred) == 0) {
                    throw new NeedsWriteException();
                }
            }
        }

        @Override
        public synchronized int write(ByteBuffer bytes) throws IOException {
            if (deferred == null) {
                return channel.write(bytes);
            }
            int count = bytes.remaining();
            deferred = ByteBuffer.allocate(deferred.remaining() + count).put(deferred).put(bytes).flip();
            return count;
        }

        @Override
        public int read(ByteBuffer buffer) throws IOException {
            return channel.read(buffer);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static SSLHandshakeException handshakeException(String message, Throwable cause) {
        return new SSLHandshakeException(message, cause);
    }

    private static SocketException closed(IOException cause) {
        return new SocketException("Socket closed", cause);
    }

    /** Converts a reset: a channel reports it as a plain {@code IOException}, a socket as a {@code SocketException}. */
    private static IOException asSocketException(IOException e) {
        return e.getClass() == IOException.class ? new SocketException(e.getMessage(), e) : e;
    }
}
