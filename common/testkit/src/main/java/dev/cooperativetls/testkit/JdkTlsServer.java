package dev.cooperativetls.testkit;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The server's side of TLS, with the JDK's own provider, even if another provider is first. */
public final class JdkTlsServer {

    /** A holder class, so that the context is created only if it is used. */
    private static final class OfPeer {

        static final SSLContext CONTEXT;

        static {
            try {
                CONTEXT = Peer.CERTIFICATE.serverContext();
                CONTEXT.getServerSessionContext().setSessionCacheSize(100); // thousands would look like a leak
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private JdkTlsServer() {}

    /** Layers TLS over a connected socket, with the certificate of {@link Peer}, and does not start the handshake. */
    static SSLSocket over(Socket plain, String... protocols) throws IOException {
        SSLSocket tls = over(plain, OfPeer.CONTEXT);
        if (protocols.length > 0) {
            tls.setEnabledProtocols(protocols);
        }
        return tls;
    }

    /** Layers TLS over a connected socket, with this context, and does not start the handshake. */
    public static SSLSocket over(Socket plain, SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
    }
}
