package dev.cooperativetls.altprovider;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import tlschannel.ClientTlsChannel;
import tlschannel.HeapBufferAllocator;
import tlschannel.NeedsWriteException;
import tlschannel.TlsChannel;
import tlschannel.WouldBlockException;

/** A {@link Connection} on tls-channel, which drives the engine, over a non-blocking socket channel. */
final class TlsChannelConnection implements Connection {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The most that one record holds, and so the most that one read returns. */
    private static final int RECORD_BYTES = 1 << 14;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final CloseNotify closeNotify;
    private final Outlet outlet;
    private final TlsChannel tls;
    private volatile IOException failure;

    TlsChannelConnection(SocketChannel channel, SSLEngine engine, CloseNotify closeNotify) {
        this.channel = channel;
        this.engine = engine;
        this.closeNotify = closeNotify;
        this.outlet = new Outlet(channel);
        this.tls = ClientTlsChannel.newBuilder(outlet, engine)
                // A channel copies to a cached direct buffer anyhow; fresh direct buffers would be made for every read.
                .withEncryptedBufferAllocator(new HeapBufferAllocator())
                .build();
    }

    @Override
    public void handshake() throws IOException {
        rethrowFailure();
        try {
            tls.handshake();
        } catch (WouldBlockException e) {
            throw e;
        } catch (SSLException e) {
            sendAlert();
            throw failed(e instanceof SSLHandshakeException ? e : handshakeException(e.getMessage(), e));
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
                // After the peer's close_notify some engines take nothing, and say nothing.
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
                tls.write(NOTHING); // what is pending goes out before
                outlet.keep();
                tls.shutdown();
            }
            outlet.flush();
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    /** tls-channel leaves the fatal alert in the engine; the peer is to know why the handshake ended. */
    private void sendAlert() {
        ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                    && engine.wrap(NOTHING, alert).bytesProduced() > 0) {
                channel.write(alert.flip());
                alert.clear();
            }
        } catch (IOException _) {
            // The handshake has failed already; its first exception is the one to see.
        }
    }

    private IOException failed(IOException e) {
        failure = e;
        return e;
    }

    private void rethrowFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * The channel, as tls-channel sees it. tls-channel cannot resume a shutdown that would have to wait, so it is given
     * the feeling that it need not: from {@link #keep} on what it writes is kept here, to be flushed.
     */
    private static final class Outlet implements ByteChannel {

        private final SocketChannel channel;
        private ByteBuffer kept;

        Outlet(SocketChannel channel) {
            this.channel = channel;
        }

        synchronized void keep() {
            kept = NOTHING;
        }

        /** @throws NeedsWriteException if not all that was kept has gone out */
        synchronized void flush() throws IOException {
            while (kept != null && kept.hasRemaining()) {
                if (channel.write(kept) == 0) {
                    throw new NeedsWriteException();
                }
            }
        }

        @Override
        public synchronized int write(ByteBuffer bytes) throws IOException {
            if (kept == null) {
                return channel.write(bytes);
            }
            int count = bytes.remaining();
            kept = ByteBuffer.allocate(kept.remaining() + count).put(kept).put(bytes).flip();
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

    /** A channel reports a reset as a plain {@code IOException}, a socket as a {@code SocketException}. */
    private static IOException asSocketException(IOException e) {
        return e.getClass() == IOException.class ? new SocketException(e.getMessage(), e) : e;
    }
}
