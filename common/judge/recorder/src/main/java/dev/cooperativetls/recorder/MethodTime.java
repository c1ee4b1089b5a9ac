package dev.cooperativetls.recorder;

/**
 * A line of the profile: a method, and the time spent in it, waits included. The JDK does not count a call that is left
 * by an exception which a method below has thrown, such as a read that would have to wait.
 *
 * @param method as {@code class.method}, with the parameters' types if others of that name were called as well
 * @param calls how often it was called, and returned
 * @param averageSeconds the time of a call
 * @param longestSeconds the time of the longest call
 */
public record MethodTime(String method, long calls, double averageSeconds, double longestSeconds) {

    /** The time of all calls together; calls that ran at once are all counted. */
    public double cumulativeSeconds() {
        return calls * averageSeconds;
    }
}
