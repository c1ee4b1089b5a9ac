package dev.cooperativetls.altprovider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.junit.jupiter.api.Test;

/** A record, encrypted and decrypted again; that others understand it is for {@link NegotiationContract} to test. */
class ChaCha20Poly1305Test {

    private static final byte[] HEADER = {23, 3, 3, 0, 21};
    private static final byte[] PLAIN = "plain".getBytes(UTF_8);

    @Test
    void what_was_encrypted_is_decrypted() throws Exception {
        byte[] record = encrypted();
        assertThat(record).hasSize(PLAIN.length + 16);
        assertThat(Arrays.copyOf(record, PLAIN.length)).isNotEqualTo(PLAIN);
        assertThat(decrypted(HEADER, record)).isEqualTo(PLAIN);
    }

    @Test
    void what_was_altered_is_a_bad_record() throws Exception {
        byte[] record = encrypted();
        byte[] header = HEADER.clone();
        header[4] ^= 1;
        assertBad(header, record);
        for (int i = 0; i < record.length; i++) {
            byte[] altered = record.clone();
            altered[i] ^= 1;
            assertBad(HEADER, altered);
        }
    }

    private static void assertBad(byte[] header, byte[] record) {
        assertThatExceptionOfType(TlsFatalAlert.class).isThrownBy(() -> decrypted(header, record))
                .satisfies(alert -> assertThat(alert.getAlertDescription()).isEqualTo(AlertDescription.bad_record_mac));
    }

    private static byte[] encrypted() throws GeneralSecurityException, TlsFatalAlert {
        return pass(new ChaCha20Poly1305(true), HEADER, PLAIN);
    }

    private static byte[] decrypted(byte[] header, byte[] record) throws GeneralSecurityException, TlsFatalAlert {
        return pass(new ChaCha20Poly1305(false), header, record);
    }

    private static byte[] pass(ChaCha20Poly1305 cipher, byte[] header, byte[] input) throws TlsFatalAlert {
        cipher.setKey(new byte[32], 0, 32);
        cipher.init(new byte[12], 16);
        byte[] output = new byte[cipher.getOutputSize(input.length)];
        assertThat(cipher.doFinal(header, input, 0, input.length, output, 0)).isEqualTo(output.length);
        return output;
    }
}
