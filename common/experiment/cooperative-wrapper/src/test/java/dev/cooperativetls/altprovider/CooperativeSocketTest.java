package dev.cooperativetls.altprovider;

import dev.cooperativetls.wrapper.CooperativeWrapper;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sockets with the wrapper as its author left it: with {@code readInto} a reader waits as without it. It lies in
 * the provider's package, as the contracts do that it is held to.
 */
class CooperativeSocketTest implements ReadingContract, EndContract, WritingContract, TimeoutContract,
        ClosingContract, HandshakeContract, NegotiationContract, ConnectingContract {

    /** With {@code readInto} a few will do: that is what the provider's own tests are of. */
    @Override
    public Stream<Way> ways() {
        return Way.all().filter(way -> way.readCall() == ReadCall.READ
                || way.virtual() && way.protocol().equals("TLSv1.3"));
    }

    @Override
    public Optional<ConnectionWrapper> wrapper() {
        return Optional.of(new CooperativeWrapper());
    }

    @Override
    public String readerWaitsIn(Way way) {
        return switch (way.readCall()) {
            case READ -> "Hub";
            case READ_INTO -> "Poll";
        };
    }
}
