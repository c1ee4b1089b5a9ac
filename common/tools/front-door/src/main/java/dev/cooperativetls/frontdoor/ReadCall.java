package dev.cooperativetls.frontdoor;

/** The call that a socket's stream makes, under its two names. */
enum ReadCall {
    READ("read", "read"),
    READ_INTO("read-into", "readInto");

    private final String option;
    private final String method;

    ReadCall(String option, String method) {
        this.option = option;
        this.method = method;
    }

    /** As the method is called. */
    String method() {
        return method;
    }

    /** As the command line has it. */
    @Override
    public String toString() {
        return option;
    }
}
