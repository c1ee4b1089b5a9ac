package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class WrapperCoverageTest {

    static class WouldBlock extends Exception {
        private static final long serialVersionUID = 1L;
    }

    static class NeedsRead extends WouldBlock {
        private static final long serialVersionUID = 1L;
    }

    interface Contract {
        int read() throws WouldBlock;

        int readInto(byte[] buffer) throws NeedsRead;

        void write(byte[] data) throws WouldBlock, InterruptedException;

        int available();

        default void shutdown() throws WouldBlock {}

        static void unrelated() throws WouldBlock {}
    }

    static class Forwarding implements Contract {
        @Override
        public int read() throws WouldBlock {
            return 0;
        }

        @Override
        public int readInto(byte[] buffer) throws NeedsRead {
            return 0;
        }

        @Override
        public void write(byte[] data) throws WouldBlock, InterruptedException {}

        @Override
        public int available() {
            return 0;
        }
    }

    static class AsItsAuthorLeftIt extends Forwarding {
        @Override
        public int read() {
            return 1;
        }

        @Override
        public void write(byte[] data) {}

        @Override
        public void shutdown() {}
    }

    static final class Mended extends AsItsAuthorLeftIt {
        @Override
        public int readInto(byte[] buffer) {
            return 1;
        }
    }

    abstract static class Unwritten extends Forwarding {
        @Override
        public abstract int read();
    }

    @Test
    void the_gap_is_the_blocking_call_that_is_left_to_the_base() {
        WrapperCoverage coverage = of(AsItsAuthorLeftIt.class);

        assertThat(coverage.covered()).containsExactly("read", "shutdown", "write");
        assertThat(coverage.gaps()).containsExactly("readInto");
    }

    @Test
    void an_inherited_override_covers() {
        assertThat(of(Mended.class).covered()).containsExactly("read", "readInto", "shutdown", "write");
        assertThat(of(Mended.class).gaps()).isEmpty();
    }

    @Test
    void a_default_method_of_the_contract_is_a_gap() {
        assertThat(of(Unwritten.class).gaps()).contains("shutdown");
    }

    @Test
    void an_override_without_code_is_a_gap() {
        assertThat(of(Unwritten.class).covered()).isEmpty();
    }

    interface CooperativeShutdown extends Contract {
        @Override
        default void shutdown() {}
    }

    static final class WithMixin extends Forwarding implements CooperativeShutdown {}

    @Test
    void a_default_method_that_the_wrapper_adds_covers() {
        assertThat(of(WithMixin.class).covered()).containsExactly("shutdown");
    }

    /** A public class with a non-public superclass. The compiler adds bridges that override nothing. */
    public static final class PublicOverHidden extends Forwarding {
        @Override
        public int read() {
            return 1;
        }
    }

    @Test
    void a_bridge_that_only_makes_a_method_visible_is_not_an_override() {
        assertThat(of(PublicOverHidden.class).covered()).containsExactly("read");
        assertThat(of(PublicOverHidden.class).gaps()).containsExactly("readInto", "shutdown", "write");
    }

    interface Generic<T> {
        T read(T into) throws WouldBlock;
    }

    static class ForwardingGeneric<T> implements Generic<T> {
        @Override
        public T read(T into) throws WouldBlock {
            return into;
        }
    }

    static final class OfStrings extends ForwardingGeneric<String> {
        @Override
        public String read(String into) {
            return "";
        }
    }

    static final class OfNothing extends ForwardingGeneric<String> {}

    @Test
    void an_override_behind_a_generic_bridge_covers() {
        assertThat(WrapperCoverage.of(OfStrings.class, ForwardingGeneric.class, Generic.class, WouldBlock.class)
                .covered())
                .containsExactly("read");
        assertThat(WrapperCoverage.of(OfNothing.class, ForwardingGeneric.class, Generic.class, WouldBlock.class).gaps())
                .containsExactly("read");
    }

    interface Overloaded {
        int read(byte[] into) throws WouldBlock;

        int read(byte[] into, int length) throws WouldBlock;
    }

    static class ForwardingOverloaded implements Overloaded {
        @Override
        public int read(byte[] into) throws WouldBlock {
            return 0;
        }

        @Override
        public int read(byte[] into, int length) throws WouldBlock {
            return 0;
        }
    }

    static final class HalfOverloaded extends ForwardingOverloaded {
        @Override
        public int read(byte[] into) {
            return 0;
        }
    }

    @Test
    void overloaded_calls_are_distinguished() {
        WrapperCoverage coverage =
                WrapperCoverage.of(HalfOverloaded.class, ForwardingOverloaded.class, Overloaded.class,
                        WouldBlock.class);

        assertThat(coverage.covered()).containsExactly("read(byte[])");
        assertThat(coverage.gaps()).containsExactly("read(byte[], int)");
    }

    @Test
    void a_wrapper_that_does_not_extend_the_base_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> of(String.class)).withMessageContaining("must extend");
        assertThatIllegalArgumentException().isThrownBy(() -> of(Forwarding.class))
                .withMessageContaining("must extend");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WrapperCoverage.of(Mended.class, Object.class, Contract.class, WouldBlock.class))
                .withMessageContaining("implement");
    }

    @Test
    void a_contract_without_blocking_calls_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WrapperCoverage.of(Mended.class, Forwarding.class, Contract.class,
                        ArithmeticException.class))
                .withMessageContaining("declares java.lang.ArithmeticException");
    }

    private static WrapperCoverage of(Class<?> wrapper) {
        return WrapperCoverage.of(wrapper, Forwarding.class, Contract.class, WouldBlock.class);
    }
}
