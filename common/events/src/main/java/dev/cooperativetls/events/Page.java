package dev.cooperativetls.events;

import java.util.Map;

/**
 * One page, as the program reports it. Times are seconds since the run began. A time is null if the page did not get
 * that far, or if the HTTP client cannot report that step.
 *
 * @param page its number
 * @param status the HTTP status; 0 if no response arrived
 * @param bytes the number of bytes of the body that arrived
 * @param http the HTTP version of the response, by its ALPN name ({@code http/1.1}, {@code h2}); null if not known
 * @param problem why the page is invalid, in one line; null if it is valid
 * @param start when its thread started to run
 * @param connectStart when it was about to open the connection
 * @param connected when the TCP connection was open
 * @param handshaken when the TLS handshake was done
 * @param sent when its request was about to be written
 * @param firstByte when the head of the response had arrived
 * @param end when the page had ended
 */
public record Page(int page, int status, long bytes, String http, String problem, Double start, Double connectStart,
        Double connected, Double handshaken, Double sent, Double firstByte, Double end) implements Event {

    /** Returns a page whose steps were reached at these times. */
    public static Page of(int page, int status, long bytes, String http, String problem, Map<Step, Double> times) {
        return new Page(page, status, bytes, http, problem, times.get(Step.START), times.get(Step.CONNECT_START),
                times.get(Step.CONNECTED), times.get(Step.HANDSHAKEN), times.get(Step.SENT),
                times.get(Step.FIRST_BYTE), times.get(Step.END));
    }

    /** Returns whether the whole response arrived and was the right one. */
    public boolean valid() {
        return problem == null;
    }
}
