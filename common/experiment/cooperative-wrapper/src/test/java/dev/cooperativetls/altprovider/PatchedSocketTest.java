package dev.cooperativetls.altprovider;

import dev.cooperativetls.wrapper.PatchedConnection;
import java.util.Optional;
import java.util.stream.Stream;

/** The sockets with a wrapper that overrides {@code readInto} too: every wait is on the hub. */
class PatchedSocketTest implements ReadingContract, EndContract, WritingContract, TimeoutContract,
        ClosingContract, HandshakeContract, NegotiationContract, ConnectingContract {

    /** With {@code read} it is the wrapper as it was. */
    @Override
    public Stream<Way> ways() {
        return Way.all().filter(way -> way.readCall() == ReadCall.READ_INTO);
    }

    @Override
    public Optional<ConnectionWrapper> wrapper() {
        return Optional.of(PatchedConnection::new);
    }

    @Override
    public String readerWaitsIn(Way way) {
        return "Hub";
    }
}
