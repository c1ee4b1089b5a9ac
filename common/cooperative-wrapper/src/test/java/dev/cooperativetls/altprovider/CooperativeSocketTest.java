package dev.cooperativetls.altprovider;

import dev.cooperativetls.wrapper.CooperativeWrapper;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sockets with the wrapper as its author left it: with {@code readInto} a reader waits as without it. It lies in
 * the provider's package, as the contract does that it is held to.
 */
class CooperativeSocketTest extends SocketContract {

    /** With {@code readInto} a few will do: that is what the provider's own tests are of. */
    static Stream<Way> ways() {
        return Way.all().filter(way -> way.readCall() == ReadCall.READ
                || way.virtual() && way.protocol().equals("TLSv1.3"));
    }

    @Override
    Optional<ConnectionWrapper> wrapper() {
        return Optional.of(new CooperativeWrapper());
    }

    @Override
    String readerWaitsIn(Way way) {
        return switch (way.readCall()) {
            case READ -> "Hub";
            case READ_INTO -> "Poll";
        };
    }
}
