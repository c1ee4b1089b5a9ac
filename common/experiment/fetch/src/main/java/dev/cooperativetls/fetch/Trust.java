package dev.cooperativetls.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/** Whom to trust, and the TLS that follows from it. */
sealed interface Trust {

    SSLContext context() throws GeneralSecurityException, IOException;

    /** Certificates and host names are verified, the names by the TLS provider and by HttpClient both. */
    default TlsSocketStrategy tls(SSLContext context) {
        return new DefaultClientTlsStrategy(
                context, HostnameVerificationPolicy.BOTH, HttpsSupport.getDefaultHostnameVerifier());
    }

    /** The JVM's own trust store. */
    record Jvm() implements Trust {

        @Override
        public SSLContext context() throws GeneralSecurityException {
            return SSLContext.getDefault();
        }
    }

    /** These certificate authorities and no other. */
    record Authorities(List<Certificate> certificates) implements Trust {

        /**
         * Reads them from a PEM file.
         *
         * @throws IOException          if the file cannot be read
         * @throws CertificateException if it holds anything but certificates, or none
         */
        static Authorities read(Path file) throws IOException, CertificateException {
            var pem = new ByteArrayInputStream(Files.readAllBytes(file));
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new CertificateException("no certificate in it");
            }
            return new Authorities(List.copyOf(certificates));
        }

        @Override
        public SSLContext context() throws GeneralSecurityException, IOException {
            var keyStore = KeyStore.getInstance(KeyStore.getDefaultType());
            keyStore.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                keyStore.setCertificateEntry("ca-" + i, certificates.get(i));
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(keyStore);
            return contextOf(factory.getTrustManagers());
        }
    }

    /** Anyone, under any name. */
    record Anyone() implements Trust {

        @Override
        public SSLContext context() throws GeneralSecurityException {
            return contextOf(new Anything());
        }

        @Override
        public TlsSocketStrategy tls(SSLContext context) {
            return new DefaultClientTlsStrategy(
                    context, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
        }
    }

    private static SSLContext contextOf(TrustManager... trustManagers) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers, null);
        return context;
    }

    /** Extended, because JSSE wraps any other and then checks after all. */
    final class Anything extends X509ExtendedTrustManager {

        private Anything() {
        }

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
