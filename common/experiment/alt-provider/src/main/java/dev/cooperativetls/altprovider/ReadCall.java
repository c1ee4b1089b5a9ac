package dev.cooperativetls.altprovider;

/**
 * A setting: which of the connection's two read calls the socket's stream uses. The runtimes of the write-up differ in
 * exactly this call: Python 2.7 uses {@code recv}, Python 3.7 uses {@code recv_into}.
 */
enum ReadCall {
    READ("read"),
    READ_INTO("readInto");

    /** The system property (default: {@code readInto}). */
    static final String PROPERTY = "cooperativetls.readCall";

    private final String call;

    ReadCall(String call) {
        this.call = call;
    }

    /**
     * Returns the value of the system property.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    static ReadCall configured() {
        return Setting.of(PROPERTY, READ_INTO, values());
    }

    @Override
    public String toString() {
        return call;
    }
}
