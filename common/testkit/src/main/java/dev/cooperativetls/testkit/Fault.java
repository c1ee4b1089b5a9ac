package dev.cooperativetls.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** A fault of a page, and the exception that the client must get. */
enum Fault {
    REFUSED(ConnectException.class),
    UNKNOWN_HOST(UnknownHostException.class),

    CLOSED_IN_HANDSHAKE(SSLHandshakeException.class),
    RESET_IN_HANDSHAKE(SocketException.class),
    GARBAGE(SSLException.class),
    SILENT_IN_HANDSHAKE(SocketTimeoutException.class),
    UNTRUSTED(SSLHandshakeException.class),
    WRONG_HOST(SSLHandshakeException.class),

    /** This and the following faults happen in the middle of the body. */
    CUT_OFF(SSLException.class),
    RESET(SocketException.class),
    FORGED(SSLException.class),
    STALLED(SocketTimeoutException.class),
    /** The server stops reading the request. */
    STUCK(SocketTimeoutException.class),
    CLOSED_BY_ANOTHER_THREAD(SocketException.class),
    /** Only for pages of virtual threads. */
    INTERRUPTED(SocketException.class);

    private final Class<? extends IOException> exception;

    Fault(Class<? extends IOException> exception) {
        this.exception = exception;
    }

    /** Returns whether a page with this fault may end in this failure. */
    boolean mustGive(Throwable failure) {
        return exception.isInstance(failure);
    }
}
