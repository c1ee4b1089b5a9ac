package dev.cooperativetls.fetch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A guard for the thread that opens it. While it is open, Ctrl-C interrupts that thread, and the JVM ends when the
 * thread has closed the guard, or after five seconds.
 */
final class CtrlC implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Thread opener = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("ctrl-c").unstarted(this::interrupt);

    CtrlC() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupt() {
        opener.interrupt();
        try {
            closed.await(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            // Nothing interrupts a shutdown hook. After an interrupt the JVM could end immediately.
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            closed.countDown();
        }
    }
}
