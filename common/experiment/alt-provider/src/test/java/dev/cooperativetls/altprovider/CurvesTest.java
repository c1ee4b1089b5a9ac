package dev.cooperativetls.altprovider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JceX25519Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BouncyCastle's arithmetic against the JVM's. */
class CurvesTest {

    private static final byte[] MESSAGE = "TLS 1.3, server CertificateVerify".getBytes(UTF_8);

    private final JcaTlsCrypto crypto = new FastCrypto().create(null);

    @Test
    void x25519_agrees_with_the_JVMs() throws IOException {
        TlsAgreement ours = crypto.createECDomain(new TlsECConfig(NamedGroup.x25519)).createECDH();
        TlsAgreement theirs = new JceX25519Domain(crypto).createECDH();
        assertThat(ours).isInstanceOf(Curves.KeyAgreement.class);
        theirs.receivePeerValue(ours.generateEphemeral());
        ours.receivePeerValue(theirs.generateEphemeral());
        assertThat(ours.calculateSecret().extract()).hasSize(32).isEqualTo(theirs.calculateSecret().extract());
    }

    @Test
    void another_curve_is_the_JVMs() {
        assertThat(crypto.createECDomain(new TlsECConfig(NamedGroup.secp256r1)).createECDH())
                .isNotInstanceOf(Curves.KeyAgreement.class);
    }

    @Test
    void each_agreement_has_a_key_of_its_own() {
        assertThat(new Curves.KeyAgreement(crypto).generateEphemeral())
                .isNotEqualTo(new Curves.KeyAgreement(crypto).generateEphemeral());
    }

    @Test
    void a_point_that_gives_everybody_the_same_secret_is_refused() throws IOException {
        TlsAgreement agreement = new Curves.KeyAgreement(crypto);
        agreement.generateEphemeral();
        agreement.receivePeerValue(new byte[32]);
        assertThatExceptionOfType(TlsFatalAlert.class).isThrownBy(agreement::calculateSecret)
                .satisfies(alert -> assertThat(alert.getAlertDescription())
                        .isEqualTo(AlertDescription.handshake_failure));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void a_point_of_another_length_is_refused(int length) {
        TlsAgreement agreement = new Curves.KeyAgreement(crypto);
        assertThatExceptionOfType(TlsFatalAlert.class)
                .isThrownBy(() -> agreement.receivePeerValue(new byte[length]))
                .satisfies(alert -> assertThat(alert.getAlertDescription())
                        .isEqualTo(AlertDescription.illegal_parameter));
    }

    @Test
    void the_check_of_a_signature_on_P256_is_one_of_these() throws Exception {
        TlsCertificate onP256 = crypto.createCertificate(Peer.CERTIFICATE.certificate().getEncoded());
        assertThat(onP256.createVerifier(SignatureScheme.ecdsa_secp256r1_sha256)).isInstanceOf(Curves.Verifier.class);
        TlsCertificate rsa = crypto.createCertificate(Peer.RSA_CERTIFICATE.certificate().getEncoded());
        assertThat(rsa.createVerifier(SignatureScheme.rsa_pss_rsae_sha256)).isNotInstanceOf(Curves.Verifier.class);
    }

    @Test
    void a_signature_of_the_JVMs_is_verified() throws Exception {
        KeyPair keys = newKeys();
        assertThat(verifies(keys.getPublic(), MESSAGE, sign(keys))).isTrue();
    }

    @Test
    void a_signature_is_refused_for_another_message_or_key_and_so_is_what_is_none() throws Exception {
        KeyPair keys = newKeys();
        byte[] signature = sign(keys);
        byte[] another = MESSAGE.clone();
        another[0] ^= 1;
        assertThat(verifies(keys.getPublic(), another, signature)).isFalse();
        assertThat(verifies(newKeys().getPublic(), MESSAGE, signature)).isFalse();
        assertThat(verifies(keys.getPublic(), MESSAGE, MESSAGE)).isFalse();
        assertThat(verifies(keys.getPublic(), MESSAGE, new byte[0])).isFalse();
    }

    @Test
    void a_key_is_known_to_be_on_P256_or_not() throws Exception {
        assertThat(Curves.isOnP256(newKeys().getPublic())).isTrue();
        assertThat(Curves.isOnP256(newKeys("secp384r1").getPublic())).isFalse();
        assertThat(Curves.isOnP256(KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic())).isFalse();
        assertThat(Curves.isOnP256(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic())).isFalse();
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        return newKeys("secp256r1");
    }

    private static KeyPair newKeys(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static byte[] sign(KeyPair keys) throws GeneralSecurityException {
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(keys.getPrivate());
        signing.update(MESSAGE);
        return signing.sign();
    }

    private static boolean verifies(PublicKey key, byte[] message, byte[] signature) throws IOException {
        Curves.Verifier verifier = new Curves.Verifier(key);
        verifier.getOutputStream().write(message);
        return verifier.verifySignature(signature);
    }
}
