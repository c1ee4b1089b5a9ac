package com.sun.mail;

import java.time.Duration;

/** A class in JavaMail's package, a library on the class path with a name like the JDK's. */
public final class Decoder {

    private Decoder() {}

    /** Computes for this time. */
    public static void decode(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
