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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A TLS socket that waits in {@link Poll}. If a virtual thread reads from it, the thread blocks its carrier
 * until bytes arrive.
 *
 * <p>Each operation of the socket is a loop. It calls the {@link Connection}, which never blocks. If the call throws
 * {@link NeedsReadException} or {@link NeedsWriteException}, the socket polls the channel and then retries the call.
 *
 * <p>A {@link ConnectionWrapper} can change that. The socket then calls the wrapper's connection, whose calls can wait
 * in another way and return only when they are done. Such a call never throws the two exceptions, so the socket does
 * not poll. A call that the wrapper does not override still throws them, and the socket polls as before. The
 * wrapper of the experiment has this gap: it overrides {@code read} but not {@code readInto}.
 *
 * <p>One thread may read while another writes, and any thread may close the socket.
 *
 * <p>Python: {@code urllib3.contrib.pyopenssl.WrappedSocket}.
 */
public final class WrappedSocket extends DelegatingSslSocket {

    /** The maximum size of a TLS record, with its header, padding and authentication. */
    private static final int MOST_PACKET_BYTES = (1 << 14) + 325;

    /** The maximum time that a close waits, in all. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The part of that time in which the other threads, which the close wakes, can leave their calls. */
    private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final SocketChannel channel;
    private final boolean autoClose;

    private final ReentrantLock handshaking = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean goodbye = new AtomicBoolean();

    private volatile SSLEngine engine;
    private volatile TlsChannelConnection unwrapped;
    private volatile Connection connection;
    private volatile boolean handshaken;
    private volatile Exception handshakeFailure;
    private volatile boolean outputShutdown;

    private WrappedSocket(SSLContext engines, ProviderSettings settings, SocketChannel channel, boolean autoClose,
            SSLEngine engine) {
        super(engines, settings, channel.socket());
        this.channel = channel;
        this.autoClose = autoClose;
        this.engine = engine;
        engine.setUseClientMode(true);
    }

    static WrappedSocket unconnected(SSLContext engines, ProviderSettings settings) throws IOException {
        SSLEngine engine = engines.createSSLEngine(); // first, so that no channel stays open if this fails
        return new WrappedSocket(engines, settings, SocketChannel.open(), true, engine);
    }

    static WrappedSocket layered(SSLContext engines, ProviderSettings settings, SocketChannel connected,
            String host, int port, boolean autoClose) throws IOException {
        WrappedSocket socket =
                new WrappedSocket(engines, settings, connected, autoClose, engines.createSSLEngine(host, port));
        socket.takeChannel();
        return socket;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    /**
     * Connects the socket. As with the JDK's sockets, a connect that fails closes the socket.
     *
     * @param timeoutMillis 0 for no timeout
     * @throws UnknownHostException if the endpoint has no address
     */
    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (!(endpoint instanceof InetSocketAddress peer)) {
            throw new IllegalArgumentException("not an internet address: " + endpoint);
        }
        if (timeoutMillis < 0) {
            throw new IllegalArgumentException("negative timeout: " + timeoutMillis);
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

    /** Replaces the engine, because the peer of an engine is set when the engine is created. */
    private void nameThePeer(InetSocketAddress peer) {
        SSLEngine forPeer = engines.createSSLEngine(peer.getHostString(), peer.getPort());
        forPeer.setUseClientMode(engine.getUseClientMode());
        forPeer.setSSLParameters(engine.getSSLParameters());
        forPeer.setEnableSessionCreation(engine.getEnableSessionCreation());
        engine = forPeer;
    }

    /** Creates the connection, which owns the channel from here on. */
    private void takeChannel() throws IOException {
        Connection wrapped = newConnection();
        channel.configureBlocking(false);
        connection = wrapped;
    }

    private Connection newConnection() {
        unwrapped = new TlsChannelConnection(channel, engine, settings.closeNotify());
        return settings.wrap(unwrapped);
    }

    /**
     * Sets whether the socket is a client, which is the default, or a server.
     *
     * @throws IllegalArgumentException if the handshake has begun
     */
    @Override
    public void setUseClientMode(boolean client) {
        if (client != getUseClientMode()) {
            super.setUseClientMode(client);
            if (connection != null) {
                connection = newConnection();
            }
        }
    }

    @Override
    SSLEngine engine() {
        return engine;
    }

    /**
     * Passes the parameters to the engine. A parameter that the engine would silently ignore is refused.
     *
     * @throws IllegalArgumentException if a cipher suite or protocol is unknown, or if a packet size is set and the
     *     engine is BouncyCastle's, which cannot limit packets
     */
    @Override
    public void setSSLParameters(SSLParameters parameters) {
        requireKnown(parameters.getCipherSuites());
        int size = parameters.getMaximumPacketSize();
        if (size != 0 && size < MOST_PACKET_BYTES && !settings.engine().limitsPackets()) {
            throw new IllegalArgumentException("maximumPacketSize " + size + ": the " + settings.engine()
                    + " engine does not limit packets, leave it 0");
        }
        super.setSSLParameters(parameters);
    }

    /** @throws IllegalArgumentException if a suite is unknown, or if the JVM disables it */
    @Override
    public void setEnabledCipherSuites(String[] suites) {
        requireKnown(suites);
        super.setEnabledCipherSuites(suites);
    }

    /** Refuses unknown cipher suites, because BouncyCastle's engine ignores them. */
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
     * Performs the handshake, unless it is done already. A failed handshake closes the socket. Streams that were
     * returned before report the reason at each later call.
     *
     * @throws SocketException if the socket is not connected; it can still be connected
     * @throws javax.net.ssl.SSLHandshakeException if the two sides do not agree, or one does not trust the other
     * @throws SocketTimeoutException if the peer sends nothing for longer than {@code SO_TIMEOUT}
     */
    @Override
    public void startHandshake() throws IOException {
        requireOpen();
        completeHandshake();
    }

    /** @throws SSLException if the handshake has failed before; the message and the cause give the reason */
    private void completeHandshake() throws IOException {
        handshaking.lock();
        try {
            if (handshakeFailure != null) {
                throw new SSLException("The handshake has failed: " + handshakeFailure, handshakeFailure);
            }
            if (!handshaken) {
                requireOpen();
                handshake();
                handshaken = true;
                notifyListeners();
            }
        } finally {
            handshaking.unlock();
        }
    }

    private void handshake() throws IOException {
        try {
            waiting(() -> {
                connection.handshake();
                return null;
            });
        } catch (IOException | RuntimeException e) { // a user's trust manager may throw any exception
            if (isClosed()) { // by another thread, which leaves close_notify to this one
                sendCloseNotify(System.nanoTime() + CLOSE_NANOS - LEAVING_NANOS);
            } else {
                handshakeFailure = e;
            }
            close();
            throw e;
        }
    }

    /**
     * Returns the session, after a handshake if there was none. If that handshake fails, the session is not valid.
     *
     * <p>In JSSE, a valid session is one that can be resumed. BouncyCastle's engine cannot resume sessions in TLS 1.3.
     * So there the session is not valid although the handshake succeeded, and it has an empty ID and no context.
     */
    @Override
    public SSLSession getSession() {
        if (!handshaken && isConnected() && !isClosed()) {
            try {
                startHandshake();
            } catch (IOException _) {
                // Then the engine's session is not valid, as JSSE requires.
            }
        }
        return engine.getSession();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        listeners.add(Objects.requireNonNull(listener));
    }

    /** @throws IllegalArgumentException if the listener was not added */
    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        if (!listeners.remove(listener)) {
            throw new IllegalArgumentException("not a listener of this socket");
        }
    }

    /** Calls the listeners in a separate thread, so that a listener may write to the socket or close it. */
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
                completeHandshake();
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
                requireOpen(); // the end of the stream may be the effect of close(), and not the peer's end
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
                completeHandshake();
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

    /**
     * Repeats the call until it does not throw {@link NeedsReadException} or {@link NeedsWriteException}, and polls the
     * channel before each retry. Python: {@code WrappedSocket.recv}, {@code recv_into} and {@code sendall}.
     */
    private <T> T waiting(Call<T> call) throws IOException {
        requireOpen(); // a closed channel has no timeout
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

    /** Returns whether an interrupt ends the wait. As with the JDK's sockets, it ends waits of virtual threads only. */
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

    /** @throws SocketException always, because TLS has no message for the end of reading */
    @Override
    public void shutdownInput() throws IOException {
        throw new SocketException("TLS cannot shut down its input alone: close the socket");
    }

    /**
     * Sends close_notify. Afterwards the socket can neither write nor read, because tls-channel does not support
     * half-closed connections.
     */
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
     * Sends close_notify and wakes all threads that wait on this socket. It waits for one second at most, in all. If
     * the peer does not read, or reads too slowly, close_notify is abandoned. It is not sent while another thread
     * writes a record. If another thread performs the handshake, that thread sends it.
     *
     * <p>Without {@code autoClose} the underlying socket stays open. A direction that another thread was using is shut
     * down, because it may have stopped in the middle of a record.
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + CLOSE_NANOS;
        boolean shaking = isElsewhere(handshaking);
        if (!outputShutdown && maySendCloseNotify()) {
            sendCloseNotify(deadline - LEAVING_NANOS);
        }
        boolean readers = autoClose || shaking || isElsewhere(reading);
        boolean writers = autoClose || shaking || isElsewhere(writing);
        if (autoClose) {
            drain();
        }
        wake(readers, writers && !shaking); // a thread in a handshake still has to send close_notify
        letOthersLeave(deadline);
        wake(false, writers);
        if (autoClose) {
            channel.close();
        } else {
            giveBack();
        }
    }

    /** Returns whether no other thread performs the handshake or writes. If an alert is due, a writer is ignored. */
    private boolean maySendCloseNotify() {
        return handshaken ? !isElsewhere(writing) || unwrapped.isAlerted() : handshaking.isHeldByCurrentThread();
    }

    /** Sends close_notify, which shows the peer that its data is complete. There is one attempt only. */
    private void sendCloseNotify(long deadline) {
        if (!goodbye.compareAndSet(false, true)) {
            return;
        }
        try {
            int timeoutMillis = getSoTimeout();
            unwrapped.abandonShutdownAt(deadline); // limits the waits of a wrapper
            try {
                boolean waited = true;
                while (waited && !isCloseNotifySent()) {
                    waited = Poll.await(channel, Poll.WRITABLE, deadline - System.nanoTime(),
                            WrappedSocket::interrupted);
                }
            } finally {
                setSoTimeout(timeoutMillis);
            }
        } catch (IOException _) {
            // The peer has closed the connection or does not read.
        }
    }

    private boolean isCloseNotifySent() throws IOException {
        try {
            connection.shutdown();
            return true;
        } catch (NeedsWriteException _) {
            return false;
        }
    }

    /**
     * Reads the bytes that have arrived, for example a session ticket. A close with unread bytes would reset the
     * connection, and the peer could lose bytes that it has not read yet.
     */
    private void drain() {
        if (connection == null) {
            return;
        }
        ByteBuffer scrap = ByteBuffer.allocate(1 << 14);
        try {
            for (int i = 0; i < 64 && channel.read(scrap.clear()) > 0; i++) {
                // At most 64 times: if the peer keeps sending, its connection may be reset.
            }
        } catch (IOException _) {
            // The connection has been reset already, or its input is shut down.
        }
    }

    private static boolean isElsewhere(ReentrantLock lock) {
        return lock.isLocked() && !lock.isHeldByCurrentThread();
    }

    /** Wakes threads in a poll. Closing a channel does not wake them, but shutting down its streams does. */
    private void wake(boolean readers, boolean writers) {
        try {
            if (readers && isConnected()) {
                channel.shutdownInput();
            }
            if (writers && isConnected()) {
                channel.shutdownOutput();
            }
        } catch (IOException _) {
            // The connection has ended already, so no thread waits.
        }
    }

    /**
     * Waits until the other threads have left their calls. A selector does not wake threads when a channel is closed.
     * A thread in a poll could poll another channel that reuses the file descriptor.
     */
    private void letOthersLeave(long deadline) {
        if (handshaking.isHeldByCurrentThread()) {
            return; // the other threads wait for this one
        }
        try {
            for (ReentrantLock lock : List.of(handshaking, reading, writing)) {
                if (lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    lock.unlock();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sets the channel to blocking mode again, because the plain socket's streams need this mode. */
    private void giveBack() throws IOException {
        try {
            channel.configureBlocking(true);
        } catch (IllegalBlockingModeException | ClosedChannelException _) {
            // The channel is closed. Or a wrapper has registered it with a selector, and it stays non-blocking.
        }
    }

    @Override
    public String toString() {
        return "WrappedSocket[%s]".formatted(channel);
    }
}
