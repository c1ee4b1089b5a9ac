package dev.cooperativetls.wrapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread and one selector that watch the channels on which others wait. Whoever waits is parked; the hub's own
 * thread is the only one that ever blocks in the operating system.
 *
 * <p>Thread-safe: one thread may wait to read from a channel while another waits to write to it. Python: gevent's hub,
 * with {@code wait_read} and {@code wait_write}.
 */
final class Hub {

    private final Selector selector;
    private final ReentrantLock registering = new ReentrantLock();

    private Hub() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for the hub", e);
        }
        Thread.ofPlatform().daemon().name("cooperative-hub").start(this::run);
    }

    /** The one hub, started by the first wait. */
    static Hub shared() {
        return Holder.SHARED;
    }

    private static final class Holder {
        static final Hub SHARED = new Hub();
    }

    /**
     * Parks the calling thread until the channel is ready. Returning says no more than "try again".
     *
     * @param event {@link SelectionKey#OP_READ} or {@link SelectionKey#OP_WRITE}
     * @param timeoutMillis how long at the most; 0 is for ever
     * @throws SocketTimeoutException if the time is up
     * @throws SocketException if the channel is closed, or the thread is virtual and is interrupted: that closes the
     *     channel and keeps the interrupt status, as it does for the JDK's own sockets
     */
    void await(SelectableChannel channel, int event, int timeoutMillis) throws IOException {
        Waiter waiter = new Waiter(Thread.currentThread());
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        SelectionKey key = watch(channel, event, waiter);
        boolean interrupted = false;
        try {
            while (!waiter.ready) {
                if (Thread.currentThread().isInterrupted()) {
                    if (Thread.currentThread().isVirtual()) {
                        channel.close();
                        throw new SocketException("Closed by interrupt");
                    }
                    interrupted = Thread.interrupted(); // means nothing to a platform thread's socket: kept for later
                }
                if (!channel.isOpen()) {
                    throw new SocketException("Socket closed");
                }
                if (timeoutMillis == 0) {
                    LockSupport.park(this);
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new SocketTimeoutException("Read timed out");
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
        } finally {
            ((Waiters) key.attachment()).slot(event).compareAndSet(waiter, null);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private SelectionKey watch(SelectableChannel channel, int event, Waiter waiter) throws IOException {
        try {
            SelectionKey key = keyFor(channel);
            ((Waiters) key.attachment()).slot(event).set(waiter);
            key.interestOpsOr(event);
            selector.wakeup(); // a selection under way looks at the interests that it began with
            return key;
        } catch (ClosedChannelException | CancelledKeyException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    /** Registering twice would replace the waiters, so a channel's first reader and first writer must not race. */
    private SelectionKey keyFor(SelectableChannel channel) throws ClosedChannelException {
        SelectionKey known = channel.keyFor(selector);
        if (known != null) {
            return known;
        }
        registering.lock();
        try {
            known = channel.keyFor(selector);
            return known != null ? known : channel.register(selector, 0, new Waiters());
        } finally {
            registering.unlock();
        }
    }

    private void run() {
        while (true) {
            try {
                selector.select(Hub::wake);
            } catch (IOException e) {
                throw new UncheckedIOException("the hub's selector failed", e);
            }
        }
    }

    private static void wake(SelectionKey key) {
        try {
            int ready = key.readyOps();
            key.interestOpsAnd(~ready);
            Waiters waiters = (Waiters) key.attachment();
            waiters.wake(ready);
        } catch (CancelledKeyException _) {
            ((Waiters) key.attachment()).wake(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** Who waits on a channel: at most one to read and one to write. */
    private record Waiters(AtomicReference<Waiter> reader, AtomicReference<Waiter> writer) {

        Waiters() {
            this(new AtomicReference<>(), new AtomicReference<>());
        }

        AtomicReference<Waiter> slot(int event) {
            return event == SelectionKey.OP_READ ? reader : writer;
        }

        void wake(int ready) {
            if ((ready & SelectionKey.OP_READ) != 0) {
                wake(reader);
            }
            if ((ready & SelectionKey.OP_WRITE) != 0) {
                wake(writer);
            }
        }

        private static void wake(AtomicReference<Waiter> slot) {
            Waiter waiter = slot.getAndSet(null);
            if (waiter != null) {
                waiter.ready = true;
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    private static final class Waiter {

        final Thread thread;
        volatile boolean ready;

        Waiter(Thread thread) {
            this.thread = thread;
        }
    }
}
