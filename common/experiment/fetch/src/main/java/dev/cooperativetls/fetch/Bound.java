package dev.cooperativetls.fetch;

import java.math.BigDecimal;
import java.time.Duration;

/** What of a page can be given a time of its own, beside the run's. */
enum Bound {
    /** From the look-up of the host's name to a connection. */
    CONNECT("not connected"),
    /** The TLS handshake as a whole, however often the server lets something come. */
    HANDSHAKE("handshake not done"),
    /** Each wait for bytes: {@code SO_TIMEOUT}. */
    READ("no byte came"),
    /** From the moment that its thread runs to its end. */
    PAGE("page not done");

    private final String failing;

    Bound(String failing) {
        this.failing = failing;
    }

    /** Why a page is invalid that is beyond it: {@code handshake not done within 0.5 s}. */
    String exceeded(Duration time) {
        return failing + " within " + seconds(time);
    }

    /** As it was written, in seconds: {@code 0.5 s}. */
    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString() + " s";
    }
}
