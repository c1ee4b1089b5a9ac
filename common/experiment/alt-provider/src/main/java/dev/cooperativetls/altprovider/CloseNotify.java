package dev.cooperativetls.altprovider;

/**
 * A setting: whether a stream must end with the peer's close_notify. An attacker who closes the TCP connection can
 * truncate the data. Without close_notify the stream may be incomplete. Some servers never send it.
 */
enum CloseNotify {
    REQUIRED("required"),
    OPTIONAL("optional");

    /** The system property (default: {@code required}). SunJSSE has its own setting with the opposite default. */
    static final String PROPERTY = "cooperativetls.closeNotify";

    private final String value;

    CloseNotify(String value) {
        this.value = value;
    }

    /**
     * Returns the value of the system property.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    static CloseNotify configured() {
        return Setting.of(PROPERTY, REQUIRED, values());
    }

    @Override
    public String toString() {
        return value;
    }
}
