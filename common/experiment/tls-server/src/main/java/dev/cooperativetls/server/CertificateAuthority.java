package dev.cooperativetls.server;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA of one run. It has new keys, which exist only in the memory of this JVM, and signs certificates for localhost.
 * BouncyCastle builds the certificates. The JDK creates the keys and signs, because creating BouncyCastle's provider
 * would need more time than all of this. Thread-safe.
 */
public final class CertificateAuthority {

    /** The JDK's providers, by name, because another provider may be installed first. */
    private static final String KEYS_AND_SIGNATURES = "SunEC";
    private static final String CERTIFICATES = "SUN";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final X500Name CA_NAME = new X500Name("CN=cooperative-tls CA of one run");
    private static final X500Name LEAF_NAME = new X500Name("CN=localhost");
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final Duration VALID = Duration.ofDays(7);

    private final KeyPair caKeys;
    private final JcaX509ExtensionUtils extensions;
    private final X509Certificate certificate;

    /**
     * Creates the CA's keys and its certificate.
     *
     * @throws GeneralSecurityException if the JDK cannot create them
     */
    public CertificateAuthority() throws GeneralSecurityException {
        caKeys = newKeys();
        extensions = new JcaX509ExtensionUtils();
        certificate = sign(CA_NAME, caKeys, ca -> ca
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    }

    /** Returns the CA's own certificate. */
    X509Certificate certificate() {
        return certificate;
    }

    /** Returns the CA's own certificate as PEM text. */
    public String pem() {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Returns a key store with a new key and its certificate for localhost, 127.0.0.1 and ::1.
     *
     * @param password the password of the key
     * @throws GeneralSecurityException if the JDK cannot create them
     */
    public KeyStore newServerKeyStore(char[] password) throws GeneralSecurityException {
        KeyPair keys = newKeys();
        X509Certificate leaf = sign(LEAF_NAME, keys, server -> server
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.authorityKeyIdentifier, false,
                        extensions.createAuthorityKeyIdentifier(certificate))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                    new GeneralName(GeneralName.iPAddress, "::1"),
                })));
        var store = KeyStore.getInstance("PKCS12", CERTIFICATES);
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.setKeyEntry("server", keys.getPrivate(), password, new Certificate[] {leaf, certificate});
        return store;
    }

    private X509Certificate sign(X500Name name, KeyPair keys, Extending extending) throws GeneralSecurityException {
        Instant now = Instant.now();
        var serial = new BigInteger(127, RANDOM).setBit(0);
        var builder = new JcaX509v3CertificateBuilder(CA_NAME, serial,
                Date.from(now.minus(BACKDATED)), Date.from(now.plus(VALID)), name, keys.getPublic());
        try {
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    extensions.createSubjectKeyIdentifier(keys.getPublic()));
            extending.addTo(builder);
            var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                    .setProvider(KEYS_AND_SIGNATURES)
                    .build(caKeys.getPrivate());
            return new JcaX509CertificateConverter().setProvider(CERTIFICATES).getCertificate(builder.build(signer));
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException("cannot create the certificate of " + name, e);
        }
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC", KEYS_AND_SIGNATURES);
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private interface Extending {
        void addTo(X509v3CertificateBuilder certificate) throws IOException, GeneralSecurityException;
    }
}
