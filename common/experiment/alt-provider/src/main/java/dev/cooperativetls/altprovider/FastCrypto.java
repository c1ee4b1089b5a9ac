package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsStreamSigner;
import org.bouncycastle.tls.crypto.TlsStreamVerifier;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * Cryptography for BouncyCastle's TLS: the JVM's, which uses the processor's instructions, but for two computations of
 * nearly every handshake, in which {@link Curves BouncyCastle's} arithmetic takes a fraction of the time.
 *
 * <p>A cipher that the JVM lacks, as AES in CCM, is BouncyCastle's too. Its provider is made only then, since that takes
 * longer than many handshakes.
 */
final class FastCrypto extends JcaTlsCryptoProvider {

    private final JcaJceHelper algorithms = new Algorithms();

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
        return new Crypto(algorithms, keys, nonces);
    }

    /** BouncyCastle's provider has a name for each digest with RSASSA-PSS, the JVM one name for all. */
    private static String nameInTheJvm(String signature) {
        return signature.endsWith("WITHRSAANDMGF1") ? "RSASSA-PSS" : signature;
    }

    private static final class Algorithms extends DefaultJcaJceHelper {

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
        public Signature createSignature(String algorithm) throws NoSuchAlgorithmException {
            return super.createSignature(nameInTheJvm(algorithm));
        }
    }

    private static final class Crypto extends JcaTlsCrypto {

        Crypto(JcaJceHelper algorithms, SecureRandom keys, SecureRandom nonces) {
            super(algorithms, keys, nonces);
        }

        /** As it is, it would try the two ciphers of which it makes one. */
        @Override
        protected Boolean isSupportedEncryptionAlgorithm(int algorithm) {
            return algorithm == EncryptionAlgorithm.CHACHA20_POLY1305
                    || super.isSupportedEncryptionAlgorithm(algorithm);
        }

        @Override
        public TlsCipher createCipher(TlsCryptoParameters parameters, int algorithm, int mac) throws IOException {
            try {
                return algorithm == EncryptionAlgorithm.CHACHA20_POLY1305
                        ? ChaCha20Poly1305.cipher(parameters)
                        : super.createCipher(parameters, algorithm, mac);
            } catch (GeneralSecurityException e) {
                throw new IOException("no ChaCha20-Poly1305", e);
            }
        }

        @Override
        public TlsECDomain createECDomain(TlsECConfig config) {
            return config.getNamedGroup() == NamedGroup.x25519
                    ? () -> new Curves.KeyAgreement(this)
                    : super.createECDomain(config);
        }

        @Override
        protected Tls13Verifier createTls13Verifier(String algorithm, AlgorithmParameterSpec parameters, PublicKey key)
                throws IOException {
            return algorithm.equals("SHA256WITHECDSA") && Curves.isOnP256(key)
                    ? new Curves.Verifier(key)
                    : super.createTls13Verifier(nameInTheJvm(algorithm), parameters, key);
        }

        @Override
        protected TlsStreamVerifier createStreamVerifier(String algorithm, AlgorithmParameterSpec parameters,
                byte[] signature, PublicKey key) throws IOException {
            return super.createStreamVerifier(nameInTheJvm(algorithm), parameters, signature, key);
        }

        @Override
        protected TlsStreamSigner createStreamSigner(String algorithm, AlgorithmParameterSpec parameters,
                PrivateKey key, boolean needsRandom) throws IOException {
            return super.createStreamSigner(nameInTheJvm(algorithm), parameters, key, needsRandom);
        }
    }
}
