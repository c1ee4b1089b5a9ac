package dev.cooperativetls.testkit;

/**
 * The contracts of a socket's streams and of their end. A test class implements this interface and names the form on
 * its class path:
 *
 * <pre>{@code
 * class BareStreamTest implements StreamContracts {
 *     public WrapperForm form() {
 *         return WrapperForm.BARE;
 *     }
 * }
 * }</pre>
 */
public interface StreamContracts
        extends ReadingContract, WritingContract, TimeoutContract, EndContract, ClosingContract {

    @Override
    WrapperForm form();
}
