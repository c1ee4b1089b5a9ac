package dev.cooperativetls.frontdoor;

import dev.cooperativetls.verdict.Verdict;

/**
 * A cell of the verdict table: what is run.
 *
 * @param patched whether the stage's patch, if it has one, is on
 * @param tls whether it is run over TLS
 */
record Cell(Stage stage, ReadCall readCall, boolean patched, boolean tls) {

    Verdict expected() {
        if (!tls) {
            return Verdict.FAST; // no TLS, so nobody's TLS provider can be slow
        }
        return inEffect().verdict(readCall);
    }

    String installed() {
        return inEffect() == stage ? stage.installed() : "+ wrapper, patch off";
    }

    /** The write-up's explanation, in our words. */
    String why() {
        return inEffect().why();
    }

    /** With the patch off, the stage is the one before it. */
    private Stage inEffect() {
        return stage.hasPatch() && !patched ? Stage.WRAPPER_MISSING_READ_INTO : stage;
    }

    @Override
    public String toString() {
        return stage + " " + readCall.method();
    }
}
