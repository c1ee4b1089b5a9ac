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
 * A daemon thread and a selector that watch the channels for which other threads wait. Those threads are parked. Only
 * the hub's thread blocks in the operating system.
 *
 * <p>Thread-safe: any number of threads may wait for one channel. Python: gevent's hub, with {@code wait_read} and
 * {@code wait_write}.
 */
final class Hub {

    /** The interval of the checks for closed channels. Closing a registered channel wakes no thread. */
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

    /** Returns the hub of this JVM. The first call starts it. */
    static Hub shared() {
        return OnFirstUse.SHARED;
    }

    private static final class OnFirstUse {
        static final Hub SHARED = new Hub();
    }

    /**
     * Parks the calling thread until the channel is ready. The caller must then retry its call, which may still block.
     *
     * @param event {@link SelectionKey#OP_READ} or {@link SelectionKey#OP_WRITE}
     * @param timeoutMillis the timeout in milliseconds; 0 for no timeout
     * @throws SocketTimeoutException if the timeout has passed
     * @throws SocketException if the channel is closed, or if the thread is virtual and is interrupted. As with the
     *     JDK's sockets, the interrupt closes the channel, and the thread stays interrupted
     * @throws IOException if the hub has failed
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
                    interrupted = Thread.interrupted(); // does not end a platform thread's wait: restored afterwards
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
            waiters.all.add(waiter); // before the interest, so that the hub finds the waiter when it is ready
            key.interestOpsOr(waiter.event);
            selector.wakeup(); // a selection that has begun does not notice the new interest
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

    /** Registers the channel unless it is registered. The lock prevents a second registration, which loses waiters. */
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

    /** Runs until an error occurs. Then the selector is closed, and all waiting threads throw an exception. */
    private void run() {
        try (selector) {
            while (true) {
                selector.select(Hub::wake, LOOK_MILLIS);
                Thread.interrupted(); // with the interrupt status set, no selection would wait
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

    /** The threads that wait for one channel. Two may wait for the same event, because a reader may have to write. */
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
