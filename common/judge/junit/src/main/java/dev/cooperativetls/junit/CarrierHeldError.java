package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierHold;

/**
 * A virtual thread held its carrier. The stack trace is that thread's, so that an IDE leads to the method that blocks.
 * What else held a carrier is suppressed in it.
 */
public final class CarrierHeldError extends AssertionError {

    private static final long serialVersionUID = 1L;

    CarrierHeldError(String message, CarrierHold hold, ClassLoader loader) {
        super(message);
        setStackTrace(SourceFiles.into(hold.stack(), loader));
    }
}
