package dev.cooperativetls.altprovider;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * An adapter through which BouncyCastle's engine uses a trust manager of the JDK. The two have different names for
 * RSASSA-PSS. Without the adapter, the JDK's trust manager would refuse a valid certificate that is signed with it, for
 * two reasons.
 * <ul>
 * <li>A method with an engine as a parameter searches for the signature's name among the schemes of the engine's
 * session. So this class hides these methods. The JDK's trust manager then checks the certificate path only, and
 * BouncyCastle's engine checks the host name, the algorithms and the key usage itself.
 * <li>BouncyCastle's certificate objects verify a signature by BouncyCastle's name, which the JVM's providers do not
 * support. So this class converts each certificate to the JVM's class.
 * </ul>
 *
 * @param path the JDK's trust manager
 */
record ImportedTrust(X509TrustManager path) implements X509TrustManager {

    /**
     * Returns the trust managers, each with an adapter if it is the JDK's.
     *
     * @param managers null for those of the JVM's trust store
     * @throws GeneralSecurityException if the JVM's trust store cannot be read
     */
    static TrustManager[] of(TrustManager[] managers) throws GeneralSecurityException {
        return Stream.of(managers == null ? ofTheJvm() : managers)
                .map(each -> each instanceof X509TrustManager trust && isTheJdks(trust)
                        ? new ImportedTrust(trust) : each)
                .toArray(TrustManager[]::new);
    }

    private static TrustManager[] ofTheJvm() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return factory.getTrustManagers();
    }

    private static boolean isTheJdks(TrustManager manager) {
        return manager.getClass().getModule() == SSLContext.class.getModule();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        path.checkClientTrusted(converted(chain), type);
    }

    /** Translates {@code KE:RSA}, BouncyCastle's name for the key exchange of the {@code TLS_RSA_} cipher suites. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        path.checkServerTrusted(converted(chain), type.equals("KE:RSA") ? "RSA" : type);
    }

    private static X509Certificate[] converted(X509Certificate[] chain) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate[] converted = new X509Certificate[chain.length];
        for (int i = 0; i < chain.length; i++) {
            converted[i] = (X509Certificate) factory.generateCertificate(
                    new ByteArrayInputStream(chain[i].getEncoded()));
        }
        return converted;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return path.getAcceptedIssuers();
    }
}
