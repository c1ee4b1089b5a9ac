package dev.cooperativetls.verdict;

import java.io.IOException;

/** A failure because the program does not accept its arguments. Its standard error has the reason. */
public final class ProgramRefused extends IOException {

    private static final long serialVersionUID = 1L;

    ProgramRefused() {
        super("the program refused its arguments, see above");
    }
}
