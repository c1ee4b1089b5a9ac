package dev.cooperativetls.testkit;

/** The contracts of connecting a socket and of its handshake. See {@link StreamContracts} for a test class. */
public interface ConnectionContracts extends ConnectingContract, HandshakeContract, NegotiationContract {

    @Override
    WrapperForm form();
}
