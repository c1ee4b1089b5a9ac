package dev.cooperativetls.recorder;

/**
 * A call of a traced method. One that is left by an exception which a method below has thrown is not traced.
 *
 * @param start when it began, in seconds from the beginning of the run
 * @param seconds how long it took, waits included
 * @param thread the name of its thread, with its id if others have that name
 * @param level how many traced calls it lies within, plus one
 * @param method as {@code class.method}
 */
public record Call(double start, double seconds, String thread, int level, String method) {

    /** When it returned, in seconds from the beginning of the run. */
    public double end() {
        return start + seconds;
    }
}
