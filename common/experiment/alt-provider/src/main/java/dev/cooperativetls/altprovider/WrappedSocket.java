package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A client's TLS socket that waits in {@link Poll}, and with it the carrier of a virtual thread.
 *
 * <p>Its streams make one call of the {@link Connection}; if that would have to wait, they poll the channel, and make
 * it again. A {@link ConnectionWrapper} can come between: a wrapped call that does its own waiting never gets as far
 * as the poll. One thread may read while another writes, and any may close.
 *
 * <p>Python: {@code urllib3.contrib.pyopenssl.WrappedSocket}.
 */
public final class WrappedSocket extends DelegatingSslSocket {

    /** A record of TLS's, with all that may come on top. */
    private static final int MOST_PACKET_BYTES = (1 << 14) + 325;

    /** How long a close gives the peer to take a close_notify. */
    private static final int GOODBYE_MILLIS = 1_000;

    /** How long a close gives other threads, which it has woken, to leave their calls. */
    private static final long LEAVING_MILLIS = 500;

    private final SSLContext engines;
    private final Settings settings;
    private final SocketChannel channel;
    private final boolean autoClose;

    private final ReentrantLock handshaking = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private volatile SSLEngine engine;
    private volatile Connection connection;
    private volatile boolean handshaken;
    private volatile boolean outputShutdown;

    private WrappedSocket(SSLContext engines, Settings settings, SocketChannel channel, boolean autoClose,
            SSLEngine engine) {
        super(channel);
        this.engines = engines;
        this.settings = settings;
        this.channel = channel;
        this.autoClose = autoClose;
        this.engine = client(engine);
    }

    static WrappedSocket unconnected(SSLContext engines, Settings settings) throws IOException {
        SSLEngine engine = engines.createSSLEngine(); // first: should it fail, no channel is left open
        return new WrappedSocket(engines, settings, SocketChannel.open(), true, engine);
    }

    static WrappedSocket layered(SSLContext engines, Settings settings, SocketChannel connected,
            String host, int port, boolean autoClose) throws IOException {
        WrappedSocket socket =
                new WrappedSocket(engines, settings, connected, autoClose, engines.createSSLEngine(host, port));
        socket.takeChannel();
        return socket;
    }

    private static SSLEngine client(SSLEngine engine) {
        engine.setUseClientMode(true);
        return engine;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    /** As the JDK's own does, a connect that fails closes the socket. */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (!(endpoint instanceof InetSocketAddress peer)) {
            throw new IllegalArgumentException("not an internet address: " + endpoint);
        }
        if (timeoutMillis < 0) {
            throw new IllegalArgumentException("a time-out is not negative: " + timeoutMillis);
        }
        if (isConnected()) {
            throw new SocketException("Already connected");
        }
        try {
            if (peer.isUnresolved()) {
                throw new UnknownHostException(peer.getHostString());
            }
            channel.socket().connect(peer, timeoutMillis);
            nameThePeer(peer);
            takeChannel();
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** An engine learns its peer when it is made, so it is made anew. */
    private void nameThePeer(InetSocketAddress peer) {
        SSLEngine forPeer = client(engines.createSSLEngine(peer.getHostString(), peer.getPort()));
        forPeer.setSSLParameters(engine.getSSLParameters());
        forPeer.setEnableSessionCreation(engine.getEnableSessionCreation());
        engine = forPeer;
    }

    /** From here on the channel is the connection's. */
    private void takeChannel() throws IOException {
        Connection wrapped = settings.wrap(new TlsChannelConnection(channel, engine, settings.closeNotify()));
        channel.configureBlocking(false);
        connection = wrapped;
    }

    @Override
    SSLEngine engine() {
        return engine;
    }

    /**
     * Hands the parameters to the engine, which heeds all of them: what it would pass over is refused.
     *
     * @throws IllegalArgumentException if a cipher suite or protocol is unknown, or if BouncyCastle's engine, which has no
     *     means for it, is to send smaller packets than TLS has
     */
    @Override
    public void setSSLParameters(SSLParameters parameters) {
        requireKnown(parameters.getCipherSuites());
        int size = parameters.getMaximumPacketSize();
        if (size != 0 && size < MOST_PACKET_BYTES && !settings.engine().limitsPackets()) {
            throw new IllegalArgumentException("maximumPacketSize %d: the %s engine does not limit packets, leave it 0"
                    .formatted(size, settings.engine()));
        }
        super.setSSLParameters(parameters);
    }

    /** @throws IllegalArgumentException if one is unknown */
    @Override
    public void setEnabledCipherSuites(String[] suites) {
        requireKnown(suites);
        super.setEnabledCipherSuites(suites);
    }

    /** BouncyCastle's engine would go without those that it does not know. */
    private void requireKnown(String[] suites) {
        if (suites != null) {
            Set<String> known = Set.of(getSupportedCipherSuites());
            for (String suite : suites) {
                if (!known.contains(suite)) {
                    throw new IllegalArgumentException("Unsupported CipherSuite: " + suite);
                }
            }
        }
    }

    // Handshake

    /**
     * Shakes hands, unless that is done. A failed handshake closes the socket.
     *
     * @throws javax.net.ssl.SSLHandshakeException if the two do not agree, or one does not trust the other
     * @throws SocketTimeoutException if the peer was silent for longer than {@code SO_TIMEOUT}
     */
    @Override
    public void startHandshake() throws IOException {
        handshaking.lock();
        try {
            requireOpen();
            if (!handshaken) {
                waiting(() -> {
                    connection.handshake();
                    return null;
                });
                handshaken = true;
                notifyListeners();
            }
        } catch (IOException | RuntimeException e) { // a trust manager of the user's may throw anything
            close();
            throw e;
        } finally {
            handshaking.unlock();
        }
    }

    /** The session, after a handshake if there was none; an invalid one if that fails, as the JSSE contract has it. */
    @Override
    public SSLSession getSession() {
        if (!handshaken && isConnected() && !isClosed()) {
            try {
                startHandshake();
            } catch (IOException _) {
                // The engine's session says so: it is not valid.
            }
        }
        return engine.getSession();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        listeners.add(Objects.requireNonNull(listener));
    }

    /** @throws IllegalArgumentException if it was not added */
    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        if (!listeners.remove(listener)) {
            throw new IllegalArgumentException("not a listener of this socket");
        }
    }

    /** In a thread of their own, so that a listener may write to the socket or close it. */
    private void notifyListeners() {
        if (!listeners.isEmpty()) {
            HandshakeCompletedEvent event = new HandshakeCompletedEvent(this, engine.getSession());
            Thread.ofPlatform().daemon().name("handshake-completed")
                    .start(() -> listeners.forEach(listener -> listener.handshakeCompleted(event)));
        }
    }

    // Streams

    @Override
    public InputStream getInputStream() throws IOException {
        requireOpen();
        return new TlsInput();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        requireOpen();
        return new TlsOutput();
    }

    private final class TlsInput extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            reading.lock();
            try {
                startHandshake();
                int count = switch (settings.readCall()) {
                    case READ -> {
                        byte[] fresh = waiting(() -> connection.read(length));
                        System.arraycopy(fresh, 0, bytes, offset, fresh.length);
                        yield fresh.length == 0 ? -1 : fresh.length;
                    }
                    case READ_INTO -> {
                        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                        yield waiting(() -> connection.readInto(buffer));
                    }
                };
                requireOpen(); // closing ends the stream below, which is not the peer's end of stream
                return count;
            } finally {
                reading.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            WrappedSocket.this.close();
        }
    }

    private final class TlsOutput extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return;
            }
            writing.lock();
            try {
                startHandshake();
                if (outputShutdown) {
                    throw new SocketException("Socket output is shut down");
                }
                ByteBuffer data = ByteBuffer.wrap(bytes, offset, length);
                waiting(() -> {
                    connection.write(data);
                    return null;
                });
            } finally {
                writing.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            WrappedSocket.this.close();
        }
    }

    // The wait

    private interface Call<T> {
        T make() throws IOException;
    }

    /** Makes the call until it need not wait, and polls between. Python: {@code WrappedSocket.recv} and its kin. */
    private <T> T waiting(Call<T> call) throws IOException {
        int timeoutMillis = getSoTimeout();
        while (true) {
            requireOpen();
            try {
                return call.make();
            } catch (NeedsReadException _) {
                poll(Poll.READABLE, timeoutMillis);
            } catch (NeedsWriteException _) {
                poll(Poll.WRITABLE, timeoutMillis);
            } catch (SocketException | SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                throw isClosed() ? new SocketException("Socket closed", e) : e;
            }
        }
    }

    private void poll(short event, int timeoutMillis) throws IOException {
        long nanos = timeoutMillis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        if (Poll.await(channel, event, nanos, () -> isClosed() || interrupted())) {
            return;
        }
        if (interrupted()) {
            close();
            throw new SocketException("Closed by interrupt");
        }
        requireOpen();
        throw new SocketTimeoutException(event == Poll.READABLE ? "Read timed out" : "Write timed out");
    }

    /** As for the JDK's own sockets: an interrupt means something to a virtual thread only. */
    private static boolean interrupted() {
        return Thread.currentThread().isVirtual() && Thread.currentThread().isInterrupted();
    }

    // Ends

    private void requireOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket closed");
        }
        if (connection == null) {
            throw new SocketException("Socket is not connected");
        }
    }

    @Override
    public boolean isClosed() {
        return closed.get() || !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return isClosed();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || isClosed();
    }

    /** @throws SocketException always: TLS cannot say "I read no more"; close the socket instead */
    @Override
    public void shutdownInput() throws IOException {
        throw new SocketException("TLS cannot shut down its input alone: close the socket");
    }

    /** Sends close_notify. Nothing can be written after it, nor read: tls-channel knows no half-closed connection. */
    @Override
    public void shutdownOutput() throws IOException {
        writing.lock();
        try {
            startHandshake();
            outputShutdown = true;
            waiting(() -> {
                connection.shutdown();
                return null;
            });
        } finally {
            writing.unlock();
        }
    }

    /**
     * Says close_notify, and ends every wait of other threads on this socket. A peer that takes nothing is given a
     * second, then it is told by the end of the connection, as it is if another thread is in the middle of a write.
     * Without autoClose the socket below stays open; but if another thread is in the middle of a record, what follows
     * in that direction is of use to nobody, and the direction is shut down.
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (handshaken && !outputShutdown && !isElsewhere(writing)) {
            sayGoodbye();
        }
        if (autoClose) {
            drain();
            wake(true, true);
            letOthersLeave();
            channel.close();
        } else {
            boolean shaking = isElsewhere(handshaking);
            wake(shaking || isElsewhere(reading), shaking || isElsewhere(writing));
            letOthersLeave();
            giveBack();
        }
    }

    /** Without close_notify a peer may take what it was sent for cut off. */
    private void sayGoodbye() {
        try {
            int timeoutMillis = getSoTimeout();
            setSoTimeout(GOODBYE_MILLIS); // bounds the wait of a wrapper
            try {
                boolean waited = true;
                while (waited && !isGoodbyeSaid()) {
                    waited = Poll.await(channel, Poll.WRITABLE, TimeUnit.MILLISECONDS.toNanos(GOODBYE_MILLIS),
                            WrappedSocket::interrupted);
                }
            } finally {
                setSoTimeout(timeoutMillis);
            }
        } catch (IOException _) {
            // The peer is gone, or takes nothing.
        }
    }

    private boolean isGoodbyeSaid() throws IOException {
        try {
            connection.shutdown();
            return true;
        } catch (NeedsWriteException _) {
            return false;
        }
    }

    /** Closing with bytes unread, a session ticket say, resets the connection: the peer may lose what it was sent. */
    private void drain() {
        if (connection == null) {
            return;
        }
        ByteBuffer scrap = ByteBuffer.allocate(1 << 14);
        try {
            for (int i = 0; i < 64 && channel.read(scrap.clear()) > 0; i++) {
                // Not for ever: a peer that goes on sending is to be reset.
            }
        } catch (IOException _) {
            // It has been reset already, or its input is shut down.
        }
    }

    private static boolean isElsewhere(ReentrantLock lock) {
        return lock.isLocked() && !lock.isHeldByCurrentThread();
    }

    /** Closing a channel does not wake a poll on it; ending its streams does. */
    private void wake(boolean readers, boolean writers) {
        try {
            if (readers && isConnected()) {
                channel.shutdownInput();
            }
            if (writers && isConnected()) {
                channel.shutdownOutput();
            }
        } catch (IOException _) {
            // Then nobody waits: the connection has ended already.
        }
    }

    /** A selector forgets a closed channel and wakes nobody; a poll may meet the descriptor reused. */
    private void letOthersLeave() {
        if (handshaking.isHeldByCurrentThread()) {
            return; // then the others wait for this thread
        }
        try {
            for (ReentrantLock lock : List.of(handshaking, reading, writing)) {
                if (lock.tryLock(LEAVING_MILLIS, TimeUnit.MILLISECONDS)) {
                    lock.unlock();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The plain socket's streams work in blocking mode only. */
    private void giveBack() throws IOException {
        try {
            channel.configureBlocking(true);
        } catch (IllegalBlockingModeException | ClosedChannelException _) {
            // A wrapper has it in a selector: then it goes on as a channel, in non-blocking mode. Or it is closed.
        }
    }

    @Override
    public String toString() {
        return "WrappedSocket[%s]".formatted(channel);
    }
}
