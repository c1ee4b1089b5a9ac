package dev.cooperativetls.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The certificates that a run trusts, and the matching {@code SSLContext} of the provider that is installed first.
 *
 * @param context an initialized context
 * @param trust the trust manager, for clients that need it in addition to the context
 * @param verifiesHostNames whether the client must check that the certificate is for the host
 */
public record Tls(SSLContext context, X509TrustManager trust, boolean verifiesHostNames) {

    /**
     * Returns the settings that trust the certificates of the JVM's trust store.
     *
     * @throws GeneralSecurityException if the provider cannot create a context
     */
    public static Tls ofJvm() throws GeneralSecurityException {
        return new Tls(SSLContext.getDefault(), trustManager(null), true);
    }

    /**
     * Returns the settings that trust only the CAs of a PEM file.
     *
     * @throws IOException if the file cannot be read
     * @throws CertificateException if the file contains no certificate, or anything else
     * @throws GeneralSecurityException if the provider cannot create a context
     */
    public static Tls trusting(Path caFile) throws IOException, GeneralSecurityException {
        var authorities = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(caFile)));
        if (authorities.isEmpty()) {
            throw new CertificateException("no certificate in " + caFile);
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var authority : authorities) {
            store.setCertificateEntry("ca-" + store.size(), authority);
        }
        X509TrustManager trust = trustManager(store);
        return new Tls(context(trust), trust, true);
    }

    /**
     * Returns the settings that trust any certificate for any host name.
     *
     * @throws GeneralSecurityException if the provider cannot create a context
     */
    public static Tls insecure() throws GeneralSecurityException {
        var trust = new Anything();
        return new Tls(context(trust), trust, false);
    }

    /** @param store the trusted certificates; null for the JVM's trust store */
    private static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance).map(X509TrustManager.class::cast)
                .findFirst().orElseThrow(() -> new GeneralSecurityException("no trust manager for certificates"));
    }

    private static SSLContext context(X509TrustManager trust) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new X509TrustManager[] {trust}, null);
        return context;
    }

    /** A trust manager that accepts any certificate. JSSE would wrap one of another type, and add checks. */
    private static final class Anything extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // trusted
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            // trusted
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            // trusted
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // trusted
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            // trusted
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            // trusted
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
