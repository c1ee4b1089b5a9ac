package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/**
 * Whose {@code SSLEngine} the sockets drive. The JDK's is the control: the same sockets and the same wait over
 * another engine, so that a slow stage cannot be put down to BouncyCastle or to a cipher.
 */
enum EngineSource {
    BOUNCYCASTLE("bouncycastle") {
        @Override
        Provider newProvider() {
            return new BouncyCastleJsseProvider(false, new FastCrypto());
        }

        /** The default one is made here: BouncyCastle's own would not translate the keys that it finds. */
        @Override
        SSLContext context(String algorithm) throws GeneralSecurityException, IOException {
            if (!algorithm.equals(AltSslContext.DEFAULT)) {
                return super.context(algorithm);
            }
            SSLContext context = super.context("TLS");
            context.init(keyManagers(DefaultKeys.managers()), null, null);
            return context;
        }

        @Override
        KeyManager[] keyManagers(KeyManager[] users) {
            return TranslatedKeyManager.of(users);
        }

        @Override
        boolean limitsPackets() {
            return false;
        }
    },
    JDK("jdk") {
        @Override
        Provider newProvider() {
            return Security.getProvider("SunJSSE");
        }
    };

    /** The system property that chooses; {@code bouncycastle} if it is not set. */
    static final String PROPERTY = "cooperativetls.engine";

    private final String label;
    private Provider provider;

    EngineSource(String label) {
        this.label = label;
    }

    static EngineSource configured() {
        return Setting.of(PROPERTY, BOUNCYCASTLE, values());
    }

    abstract Provider newProvider();

    /** A user's key managers, as this engine has to be given them. */
    KeyManager[] keyManagers(KeyManager[] users) {
        return users;
    }

    /** Whether it heeds {@code SSLParameters.setMaximumPacketSize}. */
    boolean limitsPackets() {
        return true;
    }

    /** The context of this name from this source, whichever provider comes first in the JVM. */
    SSLContext context(String algorithm) throws GeneralSecurityException, IOException {
        return SSLContext.getInstance(algorithm, provider());
    }

    private synchronized Provider provider() {
        if (provider == null) {
            provider = newProvider();
        }
        return provider;
    }

    @Override
    public String toString() {
        return label;
    }
}
