package dev.cooperativetls.altprovider;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/**
 * Whose {@code SSLEngine} the sockets drive. The JDK's is the control: the same sockets and the same wait over
 * another engine, so that a slow stage cannot be put down to BouncyCastle or to a cipher.
 */
enum EngineSource {
    BOUNCYCASTLE("bouncycastle") {
        @Override
        Provider newProvider() {
            return new BouncyCastleJsseProvider(new BouncyCastleProvider());
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

    /** The context of this name from this source, whichever provider comes first in the JVM. */
    SSLContext context(String algorithm) throws NoSuchAlgorithmException {
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
