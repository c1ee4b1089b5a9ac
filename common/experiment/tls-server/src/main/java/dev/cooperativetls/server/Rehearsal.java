package dev.cooperativetls.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A few requests of the server's own, so that the slow first handshakes of a cold JVM are nobody's page. */
final class Rehearsal {

    private static final int REQUESTS = 10;

    private Rehearsal() {
    }

    static void of(URI https, String caPem, String provider) throws IOException, GeneralSecurityException {
        SSLContext context = trusting(caPem, provider);
        for (int i = 0; i < REQUESTS; i++) {
            try (Socket socket = context.getSocketFactory().createSocket("localhost", https.getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write("GET /delay/0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        }
    }

    private static SSLContext trusting(String caPem, String provider) throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(caPem.getBytes(US_ASCII))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS", provider);
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
