package dev.cooperativetls.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A new certificate with its key and its issuers. The key exists in memory only. Immutable and thread-safe. */
public final class Certificate {

    private static final String LOCALHOST = "localhost";
    private static final char[] NO_PASSWORD = {};
    private static final String PSS = "RSASSA-PSS";
    private static final Provider SUN_JSSE = Security.getProvider("SunJSSE");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant AN_HOUR_AGO = Instant.now().minus(HOUR);

    private final KeyPair keys;
    private final X509Certificate certificate;

    /** The certificates from the signer up to the root; empty if this certificate is self-signed. */
    private final List<Certificate> issuers;

    /** Creates a self-signed certificate for localhost with an EC key, valid now. */
    public Certificate() {
        this("EC", LOCALHOST, false, AN_HOUR_AGO, null);
    }

    private Certificate(String algorithm, String name, boolean authority, Instant from, Certificate issuer) {
        this(algorithm, name, authority, from, issuer, (issuer == null ? algorithm : issuer.algorithm()).equals(PSS));
    }

    private Certificate(String algorithm, String name, boolean authority, Instant from, Certificate issuer,
            boolean signedWithPss) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(keySize(algorithm));
            keys = generator.generateKeyPair();
            Certificate signer = issuer == null ? this : issuer;
            X500Principal subject = new X500Principal("CN=" + name);
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
            certificate = new JcaX509CertificateConverter().getCertificate(builder.build((signedWithPss
                    // The JVM has another name for this signature.
                    ? new JcaContentSignerBuilder("SHA256withRSAandMGF1").setProvider(new BouncyCastleProvider())
                    : new JcaContentSignerBuilder("SHA256with" + signer.algorithm().replace("EC", "ECDSA")))
                    .build(signer.keys.getPrivate())));
            issuers = issuer == null ? List.of()
                    : Stream.concat(Stream.of(issuer), issuer.issuers.stream()).toList();
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the key size in bits. For RSA it is the shortest that all signature schemes can use, to save time. */
    private static int keySize(String algorithm) {
        return switch (algorithm) {
            case "EC" -> 256;
            case "DSA" -> 2048;
            default -> 1152;
        };
    }

    /** Creates a self-signed certificate for localhost with a key for this algorithm: EC, RSA or DSA. */
    public static Certificate withKey(String algorithm) {
        return new Certificate(algorithm, LOCALHOST, false, AN_HOUR_AGO, null);
    }

    /** Creates a self-signed certificate for another host. */
    public static Certificate ofHost(String host) {
        return new Certificate("EC", host, false, AN_HOUR_AGO, null);
    }

    /** Creates the certificate of a root authority. */
    public static Certificate authority(String name) {
        return authority(name, "EC");
    }

    /** Creates the certificate of a root authority with a key for this algorithm: EC, RSA, DSA or RSASSA-PSS. */
    public static Certificate authority(String name, String algorithm) {
        return new Certificate(algorithm, name, true, AN_HOUR_AGO, null);
    }

    /** Creates the certificate of an authority, signed by this authority. */
    Certificate signAuthority(String name) {
        return new Certificate("EC", name, true, AN_HOUR_AGO, this);
    }

    /** Creates a certificate for localhost with an EC key, signed by this authority. */
    public Certificate sign() {
        return sign("EC");
    }

    /** Creates a certificate for localhost with a key for this algorithm, signed by this authority. */
    public Certificate sign(String algorithm) {
        return new Certificate(algorithm, LOCALHOST, false, AN_HOUR_AGO, this);
    }

    /**
     * Creates a certificate for localhost with an RSA key, signed by this authority with RSASSA-PSS. The authority must
     * have an RSA key.
     */
    public Certificate signWithPss() {
        return new Certificate("RSA", LOCALHOST, false, AN_HOUR_AGO, this, true);
    }

    /** Creates a certificate for localhost that has expired, signed by this authority. */
    public Certificate signExpired() {
        return new Certificate("EC", LOCALHOST, false, AN_HOUR_AGO.minus(HOUR.multipliedBy(2)), this);
    }

    /** Creates a certificate for localhost that is not yet valid, signed by this authority. */
    Certificate signTooEarly() {
        return new Certificate("EC", LOCALHOST, false, AN_HOUR_AGO.plus(HOUR.multipliedBy(2)), this);
    }

    /** Returns the certificate itself. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Returns the certificate as PEM text. */
    public String pem() throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    /** Writes the certificate to a new PEM file in this folder. Returns the file. */
    public Path pemFile(Path folder) throws GeneralSecurityException, IOException {
        return Files.writeString(Files.createTempFile(folder, "certificate", ".pem"), pem());
    }

    private String algorithm() {
        return keys.getPublic().getAlgorithm();
    }

    @Override
    public String toString() {
        return algorithm();
    }

    /**
     * Returns a context of the JDK's provider for a server with this certificate. The server also accepts this
     * certificate from a client.
     */
    public SSLContext serverContext() throws GeneralSecurityException, IOException {
        return serverContext(keyManagers());
    }

    SSLContext serverContext(KeyManager[] shown) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS", SUN_JSSE);
        context.init(shown, trustManagers(), null);
        return context;
    }

    /** Returns the JDK's key managers, which send the certificate and its issuers except the root. */
    public KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        return keyManagers(SUN_JSSE);
    }

    /** Returns the same key managers of another provider. */
    public KeyManager[] keyManagers(Provider provider) throws GeneralSecurityException, IOException {
        int sent = Math.max(1, issuers.size());
        return keyManagers(provider, Stream.concat(Stream.of(this), issuers.stream()).limit(sent));
    }

    /** Returns key managers that send only the certificate, even if its issuer is not a root. */
    KeyManager[] keyManagersWithoutIssuers() throws GeneralSecurityException, IOException {
        return keyManagers(SUN_JSSE, Stream.of(this));
    }

    private KeyManager[] keyManagers(Provider provider, Stream<Certificate> chain)
            throws GeneralSecurityException, IOException {
        KeyStore store = keyStore("JKS", NO_PASSWORD, chain); // a PKCS12 store spends time on each password check
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", provider);
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Returns a PKCS12 store with the key, protected by this password. */
    public KeyStore keyStore(char[] password) throws GeneralSecurityException, IOException {
        return keyStore("PKCS12", password, Stream.of(this));
    }

    private KeyStore keyStore(String type, char[] password, Stream<Certificate> chain)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore(type);
        store.setKeyEntry("key", keys.getPrivate(), password,
                chain.map(each -> each.certificate).toArray(X509Certificate[]::new));
        return store;
    }

    /** Returns trust managers of the JDK's provider that trust this certificate. */
    public TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", SUN_JSSE);
        factory.init(trustStore());
        return factory.getTrustManagers();
    }

    /** Returns a PKCS12 store that trusts this certificate. */
    public KeyStore trustStore() throws GeneralSecurityException, IOException {
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
