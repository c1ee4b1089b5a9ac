package dev.cooperativetls.wrapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread and one selector that watch the channels on which others wait. Whoever waits is parked; the hub's own
 * thread is the only one that ever blocks in the operating system.
 *
 * <p>Thread-safe: any number of threads may wait on one channel. Python: gevent's hub, with {@code wait_read} and
 * {@code wait_write}.
 */
final class Hub {

    /** A channel closed behind the hub's back wakes nobody, so hub and waiters come up this often to look. */
    private static final long LOOK_MILLIS = 1_000;

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
        return OnFirstUse.SHARED;
    }

    private static final class OnFirstUse {
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
     * @throws IOException if the hub itself has failed
     */
    void await(SelectableChannel channel, int event, int timeoutMillis) throws IOException {
        Waiter waiter = new Waiter(Thread.currentThread(), event);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Waiters waiters = watch(channel, waiter);
        boolean interrupted = false;
        try {
            while (!waiter.ready) {
                if (Thread.currentThread().isInterrupted()) {
                    if (Thread.currentThread().isVirtual()) {
                        channel.close();
                        waiters.wakeAll();
                        throw new SocketException("Closed by interrupt");
                    }
                    interrupted = Thread.interrupted(); // means nothing to a platform thread's socket: kept for later
                }
                if (!channel.isOpen()) {
                    throw new SocketException("Socket closed");
                }
                if (!selector.isOpen()) {
                    throw stopped();
                }
                long look = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
                long left = timeoutMillis == 0 ? look : deadline - System.nanoTime();
                if (left <= 0) {
                    throw new SocketTimeoutException(
                            event == SelectionKey.OP_READ ? "Read timed out" : "Write timed out");
                }
                LockSupport.parkNanos(this, Math.min(left, look));
            }
        } finally {
            waiters.all.remove(waiter);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Waiters watch(SelectableChannel channel, Waiter waiter) throws IOException {
        Waiters waiters = null;
        try {
            SelectionKey key = keyFor(channel);
            waiters = (Waiters) key.attachment();
            waiters.all.add(waiter); // before the interest: whoever clears that one will find this waiter
            key.interestOpsOr(waiter.event);
            selector.wakeup(); // a selection under way looks at the interests that it began with
            return waiters;
        } catch (ClosedChannelException | CancelledKeyException e) {
            if (waiters != null) {
                waiters.all.remove(waiter);
            }
            throw new SocketException("Socket closed", e);
        } catch (ClosedSelectorException _) {
            throw stopped();
        }
    }

    /** Registering twice would replace the waiters, so a channel's first two must not race. */
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

    private static IOException stopped() {
        return new IOException("The hub has stopped: see what its thread, cooperative-hub, reported");
    }

    /** Where this ends, by an error, the selector is closed: those who wait see that and fail. */
    private void run() {
        try (selector) {
            while (true) {
                selector.select(Hub::wake, LOOK_MILLIS);
                Thread.interrupted(); // nobody has a reason to, and with the status set no selection would wait
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the hub's selector failed", e);
        }
    }

    private static void wake(SelectionKey key) {
        Waiters waiters = (Waiters) key.attachment();
        try {
            int ready = key.readyOps();
            key.interestOpsAnd(~ready);
            waiters.wake(ready);
        } catch (CancelledKeyException _) {
            waiters.wakeAll();
        }
    }

    /** Who waits on a channel: a reader and a writer as a rule, but a reader may have to write as well. */
    private record Waiters(Queue<Waiter> all) {

        Waiters() {
            this(new ConcurrentLinkedQueue<>());
        }

        void wake(int ready) {
            all.removeIf(waiter -> waiter.wake(ready));
        }

        void wakeAll() {
            wake(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private static final class Waiter {

        private final Thread thread;
        private final int event;
        private volatile boolean ready;

        Waiter(Thread thread, int event) {
            this.thread = thread;
            this.event = event;
        }

        boolean wake(int events) {
            if ((events & event) == 0) {
                return false;
            }
            ready = true;
            LockSupport.unpark(thread);
            return true;
        }
    }
}
