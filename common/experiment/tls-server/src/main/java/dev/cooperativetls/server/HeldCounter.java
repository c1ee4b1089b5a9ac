package dev.cooperativetls.server;

import java.util.function.LongSupplier;

/** Counts the requests held at once, and weighs them by time. Thread-safe. */
final class HeldCounter {

    private final LongSupplier nanoClock;

    private int now;
    private int peak;
    private long served;
    private long changedAt;
    private long busyNanos;
    private double heldNanos;

    HeldCounter(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.changedAt = nanoClock.getAsLong();
    }

    /** Counts one more request as held, until its hold is released. */
    synchronized Hold hold() {
        advance();
        now++;
        peak = Math.max(peak, now);
        return new Hold();
    }

    synchronized HeldRequests held() {
        advance();
        return new HeldRequests(now, peak, busyNanos == 0 ? 0 : heldNanos / busyNanos, served);
    }

    synchronized void reset() {
        advance();
        peak = now;
        served = 0;
        busyNanos = 0;
        heldNanos = 0;
    }

    private void advance() {
        long time = nanoClock.getAsLong();
        if (now > 0) {
            busyNanos += time - changedAt;
            heldNanos += (double) now * (time - changedAt);
        }
        changedAt = time;
    }

    /** One request that is held. It is released once: a second call changes nothing. */
    final class Hold {

        private boolean released;

        void release() {
            synchronized (HeldCounter.this) {
                if (!released) {
                    released = true;
                    advance();
                    now--;
                    served++;
                }
            }
        }
    }
}
