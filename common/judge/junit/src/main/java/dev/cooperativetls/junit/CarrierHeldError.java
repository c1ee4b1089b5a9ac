package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierHold;

/**
 * The failure of a test in which a virtual thread held its carrier. The stack trace is that of the virtual thread, so
 * an IDE leads to the method that blocks. The suppressed errors are the other places that held carriers.
 */
public final class CarrierHeldError extends AssertionError {

    private static final long serialVersionUID = 1L;

    CarrierHeldError(String message, CarrierHold hold, ClassLoader loader) {
        super(message);
        setStackTrace(SourceFiles.into(hold.stack(), loader));
    }
}
