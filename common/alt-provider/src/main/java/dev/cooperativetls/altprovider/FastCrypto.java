package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * Cryptography for BouncyCastle's TLS, each part from whoever is faster at it. Ciphers and digests are the JVM's, which
 * uses the processor's instructions for them; the two curves of nearly every handshake are {@link Curves
 * BouncyCastle's}, whose arithmetic takes a third to a twelfth of the time. What the JVM lacks, as the bare ChaCha20 and
 * Poly1305 that this TLS builds upon, is BouncyCastle's too; its provider is made only then, since that takes longer
 * than many handshakes.
 */
final class FastCrypto extends JcaTlsCryptoProvider {

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

            @Override
            public TlsECDomain createECDomain(TlsECConfig config) {
                return config.getNamedGroup() == NamedGroup.x25519
                        ? () -> new Curves.KeyAgreement(this)
                        : super.createECDomain(config);
            }

            @Override
            protected Tls13Verifier createTls13Verifier(String algorithm, AlgorithmParameterSpec parameters,
                    PublicKey key) throws IOException {
                return algorithm.equals("SHA256WITHECDSA")
                        ? new Curves.Verifier(key)
                        : super.createTls13Verifier(algorithm, parameters, key);
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
