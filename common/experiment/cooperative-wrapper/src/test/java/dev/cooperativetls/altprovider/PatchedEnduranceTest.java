package dev.cooperativetls.altprovider;

import dev.cooperativetls.wrapper.PatchedConnection;
import java.util.EnumSet;
import java.util.Optional;

/** The sockets with a wrapper that overrides {@code readInto} too: every wait is on the hub. */
class PatchedEnduranceTest extends EnduranceContract {

    /** With {@code read} it is the wrapper as it was. */
    @Override
    Form form() {
        return new Form(Optional.of(PatchedConnection::new), EnumSet.of(ReadCall.READ_INTO),
                EnumSet.noneOf(ReadCall.class));
    }
}
