package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.io.OutputStream;
import java.security.PublicKey;
import java.util.Arrays;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.io.SignerOutputStream;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSecret;

/** BouncyCastle's arithmetic on elliptic curves, without its provider. */
final class Curves {

    private Curves() {
    }

    /** Whether it is a key for ECDSA on P-256, the curve that TLS 1.3 has for SHA-256. */
    static boolean isOnP256(PublicKey key) {
        return SECObjectIdentifiers.secp256r1.equals(
                SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm().getParameters());
    }

    /** X25519, of one handshake. */
    static final class KeyAgreement implements TlsAgreement {

        private final TlsCrypto crypto;
        private final byte[] ours = new byte[X25519.SCALAR_SIZE];
        private byte[] theirs;

        KeyAgreement(TlsCrypto crypto) {
            this.crypto = crypto;
        }

        @Override
        public byte[] generateEphemeral() {
            byte[] published = new byte[X25519.POINT_SIZE];
            X25519.generatePrivateKey(crypto.getSecureRandom(), ours);
            X25519.generatePublicKey(ours, 0, published, 0);
            return published;
        }

        @Override
        public void receivePeerValue(byte[] published) throws TlsFatalAlert {
            if (published.length != X25519.POINT_SIZE) {
                throw new TlsFatalAlert(AlertDescription.illegal_parameter);
            }
            theirs = published.clone();
        }

        /** @throws TlsFatalAlert if the peer's point is one of those that give the same secret to anybody */
        @Override
        public TlsSecret calculateSecret() throws TlsFatalAlert {
            byte[] secret = new byte[X25519.POINT_SIZE];
            try {
                if (!X25519.calculateAgreement(ours, 0, theirs, 0, secret, 0)) {
                    throw new TlsFatalAlert(AlertDescription.handshake_failure);
                }
                return crypto.createSecret(secret); // a copy
            } finally {
                Arrays.fill(ours, (byte) 0); // of one handshake, and not asked for again
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    /** ECDSA on P-256 with SHA-256, of one message. */
    static final class Verifier implements Tls13Verifier {

        private final Signer signer = new DSADigestSigner(new ECDSASigner(), new SHA256Digest());

        Verifier(PublicKey key) throws IOException {
            signer.init(false, PublicKeyFactory.createKey(key.getEncoded()));
        }

        @Override
        public OutputStream getOutputStream() {
            return new SignerOutputStream(signer);
        }

        @Override
        public boolean verifySignature(byte[] signature) {
            return signer.verifySignature(signature);
        }
    }
}
