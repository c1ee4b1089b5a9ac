package dev.cooperativetls.altprovider;

import java.util.EnumSet;
import java.util.Optional;

/** The sockets as they are: every wait is in {@link Poll}. */
class BareEnduranceTest extends EnduranceContract {

    @Override
    Form form() {
        return new Form(Optional.empty(), EnumSet.allOf(ReadCall.class), EnumSet.allOf(ReadCall.class));
    }
}
