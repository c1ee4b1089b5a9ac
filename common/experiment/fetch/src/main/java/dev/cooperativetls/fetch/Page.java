package dev.cooperativetls.fetch;

import java.util.Map;

/**
 * What became of one page.
 *
 * @param status      the HTTP status, 0 where none came
 * @param bytes       how much of the body came
 * @param problem     why the page is invalid, in one line; null when it is valid
 * @param times       when each step was reached, in seconds from START; a step that was never reached is absent
 * @param socketClass the class of the socket under the connection; null where there was none
 */
record Page(int id, int status, long bytes, String problem, Map<Step, Double> times, String socketClass) {

    /** The steps of a page, in order. After a redirect each is the last of its kind. */
    enum Step {
        /** Its thread runs. */
        START("start"),
        CONNECT_START("connectStart"),
        CONNECTED("connected"),
        /** The TLS handshake is done; never reached over plain HTTP. */
        HANDSHAKEN("handshaken"),
        /** The request is about to be written. */
        SENT("sent"),
        /** The head of the response is here. */
        FIRST_BYTE("firstByte"),
        /** The body has been read, or the page has failed. */
        END("end");

        private final String key;

        Step(String key) {
            this.key = key;
        }

        /** Its name in the JSON events. */
        String key() {
            return key;
        }
    }

    Page {
        times = Map.copyOf(times);
    }

    boolean valid() {
        return problem == null;
    }
}
