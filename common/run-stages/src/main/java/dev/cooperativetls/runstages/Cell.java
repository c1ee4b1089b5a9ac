package dev.cooperativetls.runstages;

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
        // With the patch off, the stage is the one before it.
        return (stage.hasPatch() && !patched ? Stage.WRAPPER_MISSING_READ_INTO : stage).verdict(readCall);
    }

    String installed() {
        return stage.hasPatch() && !patched ? "+ wrapper, patch off" : stage.installed();
    }

    /** The write-up's explanation, in our words. */
    String why() {
        return (stage.hasPatch() && !patched ? Stage.WRAPPER_MISSING_READ_INTO : stage).why();
    }

    @Override
    public String toString() {
        return stage + " " + readCall.method();
    }
}
