package dev.cooperativetls.altprovider;

import dev.cooperativetls.wrapper.CooperativeWrapper;
import java.util.EnumSet;
import java.util.Optional;

/** The sockets with the wrapper as its author left it: with {@code readInto} a reader waits as without it. */
class CooperativeEnduranceTest extends EnduranceContract {

    @Override
    Form form() {
        return new Form(Optional.of(new CooperativeWrapper()), EnumSet.allOf(ReadCall.class),
                EnumSet.of(ReadCall.READ_INTO));
    }
}
