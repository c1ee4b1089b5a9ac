package dev.cooperativetls.events;

/**
 * One call of a traced method. The JDK does not record a call that ends with an exception thrown by a callee.
 *
 * @param start the beginning, in seconds since the run began
 * @param seconds the duration, waits included
 * @param thread the name of the thread, with its id if other threads have the same name
 * @param level the number of traced calls around it, plus one
 * @param method {@code class.method}
 */
public record Call(double start, double seconds, String thread, int level, String method) implements Event {

    /** Returns when the call returned, in seconds since the run began. */
    public double end() {
        return start + seconds;
    }
}
