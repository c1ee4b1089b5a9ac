package dev.cooperativetls.server;

import java.util.function.LongSupplier;

/** A counter of in-flight requests, with their mean over time. Thread-safe. */
final class InFlightCounter {

    private final LongSupplier nanoClock;

    private int now;
    private int peak;
    private long served;
    private long changedAt;
    private long busyNanos;
    private double weightedNanos;

    InFlightCounter(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.changedAt = nanoClock.getAsLong();
    }

    /** Counts one more request, until {@link Counted#end} is called on it. */
    synchronized Counted begin() {
        advance();
        now++;
        peak = Math.max(peak, now);
        return new Counted();
    }

    synchronized InFlightRequests inFlight() {
        advance();
        return new InFlightRequests(now, peak, busyNanos == 0 ? 0 : weightedNanos / busyNanos, served);
    }

    private void advance() {
        long time = nanoClock.getAsLong();
        if (now > 0) {
            busyNanos += time - changedAt;
            weightedNanos += (double) now * (time - changedAt);
        }
        changedAt = time;
    }

    /** An in-flight request. */
    final class Counted {

        private boolean ended;

        /** Ends the request. A second call does nothing. */
        void end() {
            synchronized (InFlightCounter.this) {
                if (!ended) {
                    ended = true;
                    advance();
                    now--;
                    served++;
                }
            }
        }
    }
}
