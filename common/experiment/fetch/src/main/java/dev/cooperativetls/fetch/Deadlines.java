package dev.cooperativetls.fetch;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps the time of pages that have bounds. One platform thread does it for all of them: with every carrier held no
 * virtual thread would notice that the time is up.
 */
final class Deadlines implements AutoCloseable {

    private final Map<Bound, Duration> bounds;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("deadlines").factory());

    /** @param bounds those that were asked for; what is not among them may take as long as the run */
    Deadlines(Map<Bound, Duration> bounds) {
        this.bounds = bounds;
        timer.setRemoveOnCancelPolicy(true);
        if (!bounds.isEmpty()) {
            timer.prestartCoreThread(); // later the pages may have taken all the threads there are
        }
    }

    /**
     * The bound counts from now on, until what is returned is cancelled; null where there is no such bound.
     *
     * @param cut is told the reason when the time is up, by the thread that keeps it
     */
    Future<?> set(Bound bound, Consumer<String> cut) {
        Duration time = bounds.get(bound);
        return time == null ? null
                : timer.schedule(() -> cut.accept(bound.exceeded(time)), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Why a page failed. A single wait is timed by the socket, which does not say by which bound. */
    String reason(Throwable failure) {
        Duration read = bounds.get(Bound.READ);
        boolean waited = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50)
                .anyMatch(SocketTimeoutException.class::isInstance);
        return waited && read != null ? Bound.READ.exceeded(read) : Reason.of(failure);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
