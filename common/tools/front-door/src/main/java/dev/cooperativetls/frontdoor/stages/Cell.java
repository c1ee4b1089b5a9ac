package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.verdict.Verdict;
import java.util.Optional;

/**
 * A cell of the verdict table: one run.
 *
 * @param stage the stage to run
 * @param like the stage whose verdicts are expected; the same stage, unless its patch is off
 * @param readCall {@code read} or {@code readInto}
 * @param tls whether the run uses TLS
 * @param expects whether a verdict is expected; false with another HTTP client
 */
record Cell(Stage stage, Stage like, String readCall, boolean tls, boolean expects) {

    /** Returns the expected verdict; empty if no verdict is expected. */
    Optional<Verdict> expected() {
        if (!expects) {
            return Optional.empty();
        }
        // Without TLS no TLS provider can be slow.
        return Optional.of(tls ? like.verdicts().get(readCall) : Verdict.FAST);
    }

    /** Returns whether the expected verdict is SLOW. */
    boolean isSlow() {
        return expected().equals(Optional.of(Verdict.SLOW));
    }

    boolean patched() {
        return like == stage;
    }

    String installed() {
        return patched() ? stage.installed() : stage.patchOff().installed();
    }

    /** Returns the reason for the verdict. */
    String why() {
        return like.why();
    }

    @Override
    public String toString() {
        return stage + " " + readCall;
    }
}
