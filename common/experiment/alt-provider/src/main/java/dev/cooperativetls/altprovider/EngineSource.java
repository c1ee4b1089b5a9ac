package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.CryptoPrimitive;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/**
 * The source of the {@code SSLEngine}. The JDK's engine serves as a control: if a stage is slow with both engines,
 * BouncyCastle and the cipher are not the cause.
 */
enum EngineSource {
    /** BouncyCastle's engine with BouncyCastle's cryptography. Neither of its providers is installed in the JVM. */
    BOUNCYCASTLE("bouncycastle") {
        @Override
        Provider newProvider() {
            return new BouncyCastleJsseProvider(new BouncyCastleProvider());
        }

        /** Creates the default context here, because BouncyCastle's own would not import keys and trust as below. */
        @Override
        SSLContext context(String algorithm) throws GeneralSecurityException, IOException {
            if (!algorithm.equals(AltSslContext.DEFAULT)) {
                return super.context(algorithm);
            }
            SSLContext context = super.context("TLS");
            init(context, DefaultKeys.managers(), null, null);
            return context;
        }

        @Override
        void init(SSLContext context, KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws GeneralSecurityException {
            super.init(context, ImportedKeys.of(keys), ImportedTrust.of(trust), random);
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

    /** The system property that selects the engine (default: {@code bouncycastle}). */
    static final String PROPERTY = "cooperativetls.engine";

    private final String label;

    /** Whether the JVM allows a cipher suite, by the suite's name. The results are kept, because the check is slow. */
    private final Map<String, Boolean> allowed = new ConcurrentHashMap<>();

    private Provider provider;

    EngineSource(String label) {
        this.label = label;
    }

    /**
     * Returns the engine source that the system property selects.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    static EngineSource configured() {
        return Setting.of(PROPERTY, BOUNCYCASTLE, values());
    }

    abstract Provider newProvider();

    /** Returns a context of this source, even if another provider is installed first in the JVM. */
    SSLContext context(String algorithm) throws GeneralSecurityException, IOException {
        return SSLContext.getInstance(algorithm, provider());
    }

    /** Initializes a context of this source with the managers of a user, each of which may be null. */
    void init(SSLContext context, KeyManager[] keys, TrustManager[] trust, SecureRandom random)
            throws GeneralSecurityException {
        context.init(keys, trust, random);
    }

    /** Returns whether the engine obeys {@code SSLParameters.setMaximumPacketSize}. */
    boolean limitsPackets() {
        return true;
    }

    /**
     * Returns the cipher suites that can be enabled. BouncyCastle's engine also lists suites that the property
     * {@code jdk.tls.disabledAlgorithms} disables, but does not negotiate them.
     */
    String[] supportedCipherSuites(SSLContext context) {
        SSLParameters supported = context.getSupportedSSLParameters();
        return Stream.of(supported.getCipherSuites())
                .filter(each -> allowed.computeIfAbsent(each, suite -> supported.getAlgorithmConstraints()
                        .permits(EnumSet.of(CryptoPrimitive.KEY_AGREEMENT), suite, null)))
                .toArray(String[]::new);
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
