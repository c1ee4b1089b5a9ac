package dev.cooperativetls.altprovider;

import java.util.Optional;

/** The sockets as they are: every wait is in {@link Poll}. */
class BareSocketTest extends SocketContract {

    @Override
    Optional<ConnectionWrapper> wrapper() {
        return Optional.empty();
    }

    @Override
    String readerWaitsIn(Way way) {
        return "Poll";
    }
}
