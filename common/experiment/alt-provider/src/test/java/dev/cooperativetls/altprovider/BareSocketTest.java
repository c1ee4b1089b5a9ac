package dev.cooperativetls.altprovider;

import java.util.Optional;
import java.util.stream.Stream;

/** The sockets as they are: every wait is in {@link Poll}. */
class BareSocketTest implements ReadingContract, EndContract, WritingContract, TimeoutContract, ClosingContract,
        HandshakeContract, NegotiationContract, ConnectingContract {

    @Override
    public Optional<ConnectionWrapper> wrapper() {
        return Optional.empty();
    }

    @Override
    public String readerWaitsIn(Way way) {
        return "Poll";
    }

    @Override
    public Stream<Way> ways() {
        return Way.all();
    }
}
