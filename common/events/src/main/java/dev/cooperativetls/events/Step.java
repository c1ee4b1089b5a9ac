package dev.cooperativetls.events;

/** The steps of a page, in their order. After a redirect each step is the last one of its kind. */
public enum Step {
    /** The page's thread runs. */
    START,
    /** The connection is about to be opened. */
    CONNECT_START,
    /** The TCP connection is open. */
    CONNECTED,
    /** The TLS handshake is done. Plain HTTP has no such step. */
    HANDSHAKEN,
    /** The request is about to be written. */
    SENT,
    /** The head of the response has arrived. */
    FIRST_BYTE,
    /** The body has been read, or the page has failed. */
    END
}
