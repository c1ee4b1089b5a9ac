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
 * Decides which server certificates are trusted, with the matching {@code SSLContext} of the provider that comes first
 * in this JVM.
 *
 * @param context ready to use
 * @param trust decides about certificates, for clients that ask for it separately
 * @param verifiesHostNames whether the client must check that the certificate is for the host
 */
public record Tls(SSLContext context, X509TrustManager trust, boolean verifiesHostNames) {

    /**
     * Trusts what the JVM's trust store trusts.
     *
     * @throws GeneralSecurityException if the provider gives no context
     */
    public static Tls ofJvm() throws GeneralSecurityException {
        return new Tls(SSLContext.getDefault(), trustManager(null), true);
    }

    /**
     * Trusts the CAs of a PEM file and nobody else.
     *
     * @throws IOException if the file cannot be read
     * @throws CertificateException if the file has no certificate, or anything that is not one
     * @throws GeneralSecurityException if the provider gives no context
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
     * Trusts any certificate under any name.
     *
     * @throws GeneralSecurityException if the provider gives no context
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

    /** A trust manager that is extended, because JSSE wraps any other kind and then checks after all. */
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
