package dev.cooperativetls.frontdoor;

import java.math.BigDecimal;
import java.nio.file.Path;

/** The values that {@code run-stages} and {@code judge} share. A script starts both, and sets the root folder. */
public final class FrontDoor {

    /** The exit code if there is no verdict, or if an output that the user asked for is missing. */
    public static final int NO_VERDICT = 3;

    /**
     * The shortest delay of the server, in seconds. FAST means that more than half of the pages wait at once, and a
     * page needs about 0.02 s of the carrier before it waits. With a shorter delay the first of ten pages is answered
     * before the sixth page has sent its request.
     */
    public static final BigDecimal SHORTEST_DELAY = new BigDecimal("0.1");

    private FrontDoor() {}

    /**
     * Returns the root folder of the repository.
     *
     * @throws IllegalStateException if the program was not started by a script
     */
    public static Path root() {
        String root = System.getProperty("cooperativetls.root");
        if (root == null) {
            throw new IllegalStateException("start it with the script run-stages or judge");
        }
        return Path.of(root);
    }
}
