package dev.cooperativetls.verdict;

import java.io.IOException;

/** The program did not take its arguments; its standard error has said why. */
public final class ProgramRefused extends IOException {

    private static final long serialVersionUID = 1L;

    ProgramRefused() {
        super("the program refused its arguments, see above");
    }
}
