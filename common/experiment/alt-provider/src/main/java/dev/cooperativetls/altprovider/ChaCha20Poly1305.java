package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipher;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;

/**
 * The JVM's ChaCha20-Poly1305, one way of one connection. BouncyCastle's engine prefers it to AES, and builds it from a
 * bare ChaCha20 and a bare Poly1305; the JVM has the one under another name, and the other not at all.
 */
final class ChaCha20Poly1305 implements TlsAEADCipherImpl {

    private static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;

    private final Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    private final boolean encrypting;
    private SecretKeySpec key;
    private IvParameterSpec nonce;

    ChaCha20Poly1305(boolean encrypting) throws GeneralSecurityException {
        this.encrypting = encrypting;
    }

    /** Both ways of a connection. */
    static TlsCipher cipher(TlsCryptoParameters parameters) throws GeneralSecurityException, IOException {
        return new TlsAEADCipher(parameters, new ChaCha20Poly1305(true), new ChaCha20Poly1305(false),
                KEY_BYTES, TAG_BYTES, TlsAEADCipher.AEAD_CHACHA20_POLY1305, null);
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(bytes, offset, length, "ChaCha20");
    }

    @Override
    public void init(byte[] bytes, int tagBytes) {
        nonce = new IvParameterSpec(bytes);
    }

    @Override
    public int getOutputSize(int inputLength) {
        return encrypting ? inputLength + TAG_BYTES : inputLength - TAG_BYTES;
    }

    /** @throws TlsFatalAlert if what is to be decrypted is not as it was encrypted */
    @Override
    public int doFinal(byte[] header, byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset)
            throws TlsFatalAlert {
        try {
            cipher.init(encrypting ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, key, nonce);
            cipher.updateAAD(header);
            return cipher.doFinal(input, inputOffset, inputLength, output, outputOffset);
        } catch (AEADBadTagException tampered) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac, tampered);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
    }
}
