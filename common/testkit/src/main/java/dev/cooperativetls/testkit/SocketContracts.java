package dev.cooperativetls.testkit;

/**
 * All contracts of the sockets. A test class implements this interface and names the form that is on its class path:
 *
 * <pre>{@code
 * class BareSocketTest implements SocketContracts {
 *     public WrapperForm form() {
 *         return WrapperForm.BARE;
 *     }
 * }
 * }</pre>
 */
public interface SocketContracts extends ReadingContract, EndContract, WritingContract, TimeoutContract,
        ClosingContract, HandshakeContract, NegotiationContract, ConnectingContract {

    @Override
    WrapperForm form();
}
