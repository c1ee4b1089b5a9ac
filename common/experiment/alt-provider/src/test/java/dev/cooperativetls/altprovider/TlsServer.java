package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The server's side of TLS, SunJSSE's, asked for by name; made once. */
final class TlsServer {

    private static final SSLContext CONTEXT = context();

    private TlsServer() {}

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
            context.init(Peer.CERTIFICATE.keyManagers(), null, null);
            context.getServerSessionContext().setSessionCacheSize(100); // thousands would look like a leak
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Layers the server's side of these versions of TLS over a connected socket; the handshake is still to be done. */
    static SSLSocket over(Socket plain, String... protocols) throws IOException {
        SSLSocket tls = (SSLSocket) CONTEXT.getSocketFactory().createSocket(plain, null, true);
        tls.setEnabledProtocols(protocols);
        return tls;
    }
}
