package dev.cooperativetls.altprovider;

/**
 * Whether a stream must end with the peer's close_notify. Who cuts a connection can also cut off what was still to
 * come, so a stream without it may not be whole; but some servers never send it.
 */
enum CloseNotify {
    REQUIRED("required"),
    OPTIONAL("optional");

    /** The system property that chooses; {@code required} if it is not set. SunJSSE's is its own, and the other way. */
    static final String PROPERTY = "cooperativetls.closeNotify";

    private final String value;

    CloseNotify(String value) {
        this.value = value;
    }

    static CloseNotify configured() {
        return Setting.of(PROPERTY, REQUIRED, values());
    }

    @Override
    public String toString() {
        return value;
    }
}
