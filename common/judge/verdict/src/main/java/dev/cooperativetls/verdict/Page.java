package dev.cooperativetls.verdict;

/**
 * One page as the program saw it. Times are seconds since the run began; null for what it did not get to.
 *
 * @param page its id
 * @param status the HTTP status; 0 if there was no answer
 * @param problem why it is invalid; null if it is valid
 * @param start when its thread began
 * @param sent when its request was about to be sent
 * @param firstByte when the head of the response had come in
 * @param end when it was over
 */
public record Page(int page, int status, String problem, Double start, Double connectStart, Double connected,
        Double handshaken, Double sent, Double firstByte, Double end) {

    public boolean valid() {
        return problem == null;
    }

    /** Whether it both sent its request and was answered. */
    boolean waited() {
        return sent != null && firstByte != null;
    }

    /** How long it waited for the server, in seconds. */
    double waitSeconds() {
        return firstByte - sent;
    }
}
