package dev.cooperativetls.altprovider;

/**
 * Which of the connection's two reading calls a socket's stream makes. The write-up's runtimes differ in just this:
 * Python 2.7 calls {@code recv}, Python 3.7 {@code recv_into}.
 */
enum ReadCall {
    READ("read"),
    READ_INTO("readInto");

    /** The system property that chooses; {@code readInto} if it is not set. */
    static final String PROPERTY = "cooperativetls.readCall";

    private final String call;

    ReadCall(String call) {
        this.call = call;
    }

    static ReadCall configured() {
        return Setting.of(PROPERTY, READ_INTO, values());
    }

    @Override
    public String toString() {
        return call;
    }
}
