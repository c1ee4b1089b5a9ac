package com.sun.mail;

import java.time.Duration;

/** In JavaMail's package: a library on the class path, whose name starts as the JDK's names do. */
public final class Decoder {

    private Decoder() {}

    /** Computes for this long. */
    public static void decode(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
