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
import java.util.concurrent.locks.ReentrantLock;
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
    private final OutgoingChannel outgoing;
    private final TlsChannel tls;

    /**
     * One thread at a time calls tls-channel. Otherwise, if a read failed while another thread writes, the writer would
     * remove the alert from the engine, and tls-channel would not send it.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile IOException failure;

    /** The time at which a shutdown is abandoned, by {@link System#nanoTime}; null for never. */
    private volatile Long shutdownDeadline;

    TlsChannelConnection(SocketChannel channel, SSLEngine engine, CloseNotify closeNotify) {
        this.channel = channel;
        this.engine = engine;
        this.closeNotify = closeNotify;
        this.outgoing = new OutgoingChannel(channel);
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
            throw alerted(e instanceof SSLHandshakeException known ? known : handshakeException(e.getMessage(), e));
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
        lock.lock();
        try {
            rethrowFailure();
            int count = decrypt(buffer);
            if (count < 0 && !tls.shutdownReceived() && closeNotify == CloseNotify.REQUIRED) {
                throw failed(new SSLException("The connection was cut off without close_notify: data may be missing"));
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private int decrypt(ByteBuffer buffer) throws IOException {
        try {
            return tls.read(buffer);
        } catch (WouldBlockException e) {
            throw e;
        } catch (SSLException e) {
            throw alerted(e);
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        lock.lock();
        try {
            outgoing.flush(); // after a failure it sends the rest of a record and the alert
            rethrowFailure();
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
        } finally {
            lock.unlock();
        }
    }

    /** Sends all pending bytes and then close_notify. After a failure the alert replaces close_notify. */
    @Override
    public void shutdown() throws IOException {
        lock.lock();
        try {
            if (!outgoing.isDeferred()) {
                outgoing.defer();
                tls.shutdown();
                wrapAlerts(); // in a handshake there are two: user_canceled and close_notify
            }
            outgoing.flush();
        } catch (NeedsWriteException e) {
            limitNextWait();
            throw e;
        } catch (IllegalStateException e) {
            // tls-channel throws this if an unsent record of a failed handshake leaves no room for close_notify.
            throw new SSLException("close_notify cannot follow a record that is not sent", e);
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            throw asSocketException(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Limits all waits of a shutdown together, because {@code SO_TIMEOUT} limits each wait alone. Otherwise a peer that
     * reads a few bytes now and then could prolong the shutdown.
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

    /** Returns whether an alert replaces close_notify, so that the peer cannot mistake its data for complete. */
    boolean isAlerted() {
        return outgoing.isTakenOver();
    }

    /**
     * Remembers a failure and sends the engine's fatal alert, so that the peer learns the reason. tls-channel leaves
     * the alert in the engine. If the channel does not accept it now, a waiting writer or {@link #shutdown} sends it.
     */
    private IOException alerted(IOException e) {
        failed(e);
        lock.lock();
        try {
            outgoing.takeOver();
            wrapAlerts();
            outgoing.flush();
        } catch (IOException | RuntimeException _) {
            // The caller throws the first exception, which explains the failure.
        } finally {
            lock.unlock();
        }
        return e;
    }

    private void wrapAlerts() throws SSLException {
        ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && engine.wrap(NOTHING, alert).bytesProduced() > 0) {
            outgoing.append(alert.flip());
            alert.clear();
        }
    }

    private IOException failed(IOException e) {
        failure = e;
        return e;
    }

    /** Throws the first failure in a new exception, because the first one has the stack trace of another call. */
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
     *
     * <p>tls-channel sends nothing after a failure, not even the rest of a record that is half sent. From
     * {@link #takeOver} on, this channel sends the rest itself, and accepts no more bytes of tls-channel.
     */
    private static final class OutgoingChannel implements ByteChannel {

        private final SocketChannel channel;

        /** The bytes of tls-channel's last write that the channel has not accepted yet. */
        private ByteBuffer rest = NOTHING;

        /** The bytes that are still to be sent; null if writes are not deferred. */
        private ByteBuffer deferred;

        private boolean takenOver;

        OutgoingChannel(SocketChannel channel) {
            this.channel = channel;
        }

        synchronized void defer() {
            deferred = NOTHING;
        }

        synchronized boolean isDeferred() {
            return deferred != null;
        }

        synchronized void takeOver() {
            if (deferred == null) {
                deferred = rest;
            }
            takenOver = true;
        }

        synchronized boolean isTakenOver() {
            return takenOver;
        }

        synchronized void append(ByteBuffer bytes) {
            deferred = joined(deferred, bytes);
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
            if (takenOver) {
                throw new ClosedChannelException();
            }
            int count = bytes.remaining();
            if (deferred == null) {
                count = channel.write(bytes);
                rest = bytes.hasRemaining() ? joined(NOTHING, bytes.duplicate()) : NOTHING;
            } else {
                append(bytes);
            }
            return count;
        }

        private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
            return ByteBuffer.allocate(first.remaining() + second.remaining()).put(first).put(second).flip();
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
