package dev.cooperativetls.fetch;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Whose {@code SSLContext} is in force, and whose would be without what is on the class path. Python: the scripts that
 * print {@code urllib3.util.ssl_.SSLContext} with and without the client library imported.
 */
record SslContexts(Origin inForce, Origin withoutClassPath) {

    /**
     * Where a context comes from.
     *
     * @param sockets the class of its socket factory
     */
    record Origin(TlsProvider provider, String sockets) {

        static Origin of(SSLContext context) {
            return new Origin(TlsProvider.of(context.getProvider()), context.getSocketFactory().getClass().getName());
        }

        /** The one that the JVM hands out now. */
        static Origin current() throws GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null); // to look at, not to connect with
            return of(context);
        }

        @Override
        public String toString() {
            return "%s %s (%s), sockets from %s".formatted(provider.name(), provider.version(), provider.from(), sockets);
        }
    }
}
