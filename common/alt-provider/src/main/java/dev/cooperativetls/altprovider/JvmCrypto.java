package dev.cooperativetls.altprovider;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * The JVM's cryptography, for BouncyCastle's TLS as for the JDK's own: it uses the processor's instructions where
 * BouncyCastle's is Java. What the JVM lacks, as the bare ChaCha20 and Poly1305 that this TLS builds upon, is
 * BouncyCastle's, whose provider is made only then: that takes longer than a handshake.
 */
final class JvmCrypto extends JcaTlsCryptoProvider {

    private final JcaJceHelper algorithms = new JvmFirst();

    @Override
    public JcaJceHelper getHelper() {
        return algorithms;
    }

    /** Its own default randomness is found only where BouncyCastle's provider is installed. */
    @Override
    public JcaTlsCrypto create(SecureRandom random) {
        return super.create(random == null ? new SecureRandom() : random);
    }

    @Override
    public JcaTlsCrypto create(SecureRandom keys, SecureRandom nonces) {
        return new JcaTlsCrypto(algorithms, keys, nonces) {
            /** As it is, it would try each algorithm that it is going to offer. */
            @Override
            protected Boolean isSupportedEncryptionAlgorithm(int algorithm) {
                return algorithm == EncryptionAlgorithm.CHACHA20_POLY1305
                        || super.isSupportedEncryptionAlgorithm(algorithm);
            }
        };
    }

    private static final class JvmFirst extends DefaultJcaJceHelper {

        private static final class Lacking {
            static final ProviderJcaJceHelper BOUNCYCASTLE = new ProviderJcaJceHelper(new BouncyCastleProvider());
        }

        @Override
        public Cipher createCipher(String algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
            try {
                return super.createCipher(algorithm);
            } catch (NoSuchAlgorithmException _) {
                return Lacking.BOUNCYCASTLE.createCipher(algorithm);
            }
        }

        @Override
        public Mac createMac(String algorithm) throws NoSuchAlgorithmException {
            try {
                return super.createMac(algorithm);
            } catch (NoSuchAlgorithmException _) {
                return Lacking.BOUNCYCASTLE.createMac(algorithm);
            }
        }
    }
}
