package dev.cooperativetls.events;

/**
 * The time spent in one method, waits included. The JDK does not count a call that ends with an exception thrown by a
 * callee; a read that would block is such a call.
 *
 * @param method {@code class.method}, with the parameter types if other methods of that name were called too
 * @param calls the number of calls that returned
 * @param averageSeconds the average duration of a call
 * @param longestSeconds the duration of the longest call
 */
public record MethodTime(String method, long calls, double averageSeconds, double longestSeconds) {

    /** Returns the duration of all calls together, in seconds; concurrent calls all count. */
    public double cumulativeSeconds() {
        return calls * averageSeconds;
    }
}
