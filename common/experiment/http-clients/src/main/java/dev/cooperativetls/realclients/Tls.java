package dev.cooperativetls.realclients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ServiceLoader;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The TLS that the JVM hands out to whoever asks for no provider, and whom it trusts. OkHttp wants to know both. */
record Tls(SSLContext context, X509TrustManager trust) {

    /** Puts the first TLS provider on the class path before the JDK's own. */
    static void takeProviderFromClassPath() {
        ServiceLoader.load(Provider.class).stream()
                .filter(service -> !service.type().getModule().isNamed())
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.getService("SSLContext", "TLS") != null)
                .findFirst()
                .ifPresent(provider -> Security.insertProviderAt(provider, 1));
    }

    /** Trusts the CAs in a PEM file and no other. */
    static Tls trusting(Path caFile) throws GeneralSecurityException, IOException {
        var authorities = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(caFile)));
        if (authorities.isEmpty()) {
            throw new CertificateException("no certificate in " + caFile);
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate authority : authorities) {
            store.setCertificateEntry("ca-" + store.size(), authority);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return new Tls(context, (X509TrustManager) factory.getTrustManagers()[0]);
    }
}
