package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A fresh certificate with its key, and whoever vouches for it; all of it lives in memory only. */
final class Certificate {

    private static final char[] NO_PASSWORD = {};
    private static final Provider SUN_JSSE = Security.getProvider("SunJSSE");
    private static final Duration HOUR = Duration.ofHours(1);

    private final KeyPair keys;
    private final X509Certificate certificate;

    /** Who signed it, up to the root; none if it has signed itself. */
    private final List<Certificate> issuers;

    /** For localhost, signed by itself, valid now. */
    Certificate() {
        this("EC", "localhost", Instant.now().minus(HOUR), null);
    }

    private Certificate(String algorithm, String name, Instant from, Certificate issuer) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            keys = generator.generateKeyPair();
            Certificate signer = issuer == null ? this : issuer;
            X500Principal subject = new X500Principal("CN=" + name);
            boolean authority = !name.equals("localhost");
            var builder = new JcaX509v3CertificateBuilder(
                    issuer == null ? subject : issuer.certificate.getSubjectX500Principal(),
                    new BigInteger(64, new SecureRandom()), Date.from(from), Date.from(from.plus(HOUR.multipliedBy(2))),
                    subject, keys.getPublic());
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            } else {
                builder.addExtension(Extension.subjectAlternativeName, false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
            }
            String signature = "SHA256with" + signer.keys.getPrivate().getAlgorithm().replace("EC", "ECDSA");
            certificate = new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder(signature).build(signer.keys.getPrivate())));
            issuers = issuer == null ? List.of()
                    : Stream.concat(Stream.of(issuer), issuer.issuers.stream()).toList();
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same with a key for this algorithm: EC, RSA or DSA. */
    static Certificate withKey(String algorithm) {
        return new Certificate(algorithm, "localhost", Instant.now().minus(HOUR), null);
    }

    /** An authority's, which may sign others. */
    static Certificate authority(String name) {
        return new Certificate("EC", name, Instant.now().minus(HOUR), null);
    }

    /** An authority's, signed by this one. */
    Certificate signAuthority(String name) {
        return new Certificate("EC", name, Instant.now().minus(HOUR), this);
    }

    /** For localhost, signed by this one. */
    Certificate sign() {
        return sign("EC");
    }

    /** The same with a key for this algorithm. */
    Certificate sign(String algorithm) {
        return new Certificate(algorithm, "localhost", Instant.now().minus(HOUR), this);
    }

    /** The same, but it was valid before. */
    Certificate signExpired() {
        return new Certificate("EC", "localhost", Instant.now().minus(HOUR.multipliedBy(3)), this);
    }

    /** The same, but it will be valid later. */
    Certificate signTooEarly() {
        return new Certificate("EC", "localhost", Instant.now().plus(HOUR), this);
    }

    X509Certificate certificate() {
        return certificate;
    }

    @Override
    public String toString() {
        return keys.getPublic().getAlgorithm();
    }

    /** It and its issuers but for the root, as a server should send it. */
    KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        int sent = Math.max(1, issuers.size());
        return keyManagers(SUN_JSSE, Stream.concat(Stream.of(this), issuers.stream()).limit(sent));
    }

    /** For a server of this provider's: each has its own names for the kinds of keys. */
    KeyManager[] keyManagers(Provider provider) throws GeneralSecurityException, IOException {
        return keyManagers(provider, Stream.of(this));
    }

    /** It alone, which is too little if somebody came between it and the root. */
    KeyManager[] keyManagersWithoutIssuers() throws GeneralSecurityException, IOException {
        return keyManagers(SUN_JSSE, Stream.of(this));
    }

    private KeyManager[] keyManagers(Provider provider, Stream<Certificate> chain)
            throws GeneralSecurityException, IOException {
        KeyStore store = keyStore("JKS", NO_PASSWORD, chain); // a PKCS12 store makes each guess at its password cost
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", provider);
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** A store with its key, under this password. */
    KeyStore keyStore(char[] password) throws GeneralSecurityException, IOException {
        return keyStore("PKCS12", password, Stream.of(this));
    }

    private KeyStore keyStore(String type, char[] password, Stream<Certificate> chain)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore(type);
        store.setKeyEntry("key", keys.getPrivate(), password,
                chain.map(each -> each.certificate).toArray(X509Certificate[]::new));
        return store;
    }

    TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", SUN_JSSE);
        factory.init(trustStore());
        return factory.getTrustManagers();
    }

    /** A store that trusts it. */
    KeyStore trustStore() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore("PKCS12");
        store.setCertificateEntry("certificate", certificate);
        return store;
    }

    private static KeyStore emptyStore(String type) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        return store;
    }
}
