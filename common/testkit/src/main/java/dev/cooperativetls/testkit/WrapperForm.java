package dev.cooperativetls.testkit;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The wrapper around the provider's connections. The class path of a test decides which form it has. */
public enum WrapperForm {
    /** No wrapper: every wait is in {@code Poll}. */
    BARE("nobody", Set.of(SocketMode.READ, SocketMode.READ_INTO)),
    /** The original wrapper: a reader that calls {@code readInto} waits in {@code Poll}. */
    WRAPPED("CooperativeWrapper", Set.of(SocketMode.READ_INTO)),
    /** The wrapper with the patch applied: every wait is in {@code Hub}. */
    PATCHED("CooperativeWrapper", Set.of());

    static final String REQUIRED = "required";
    static final String OPTIONAL = "optional";

    private final String wrapper;
    private final Set<String> polling;

    WrapperForm(String wrapper, Set<String> polling) {
        this.wrapper = wrapper;
        this.polling = polling;
    }

    /** Returns the modes of the contracts. */
    Stream<SocketMode> modes() {
        return SocketMode.all();
    }

    /** Returns the class in which a reader waits: {@code Poll} or {@code Hub}. */
    String readerWaitsIn(SocketMode mode) {
        return polling.contains(mode.readCall()) ? "Poll" : "Hub";
    }

    /** Returns whether a virtual thread that waits to read blocks its carrier. */
    boolean blocksCarrier(SocketMode mode) {
        return mode.virtual() && polling.contains(mode.readCall());
    }

    /** Returns a random mode, mostly with BouncyCastle's engine. Modes that block the carrier are rare. */
    SocketMode mode(RandomGenerator random) {
        String call = SocketMode.READ_CALLS.get(random.nextInt(SocketMode.READ_CALLS.size()));
        return new SocketMode(call, random.nextInt(5) == 0 ? SocketMode.JDK : SocketMode.BOUNCYCASTLE,
                random.nextBoolean() ? "TLSv1.2" : "TLSv1.3",
                random.nextInt(8) < (polling.contains(call) ? 1 : 6));
    }

    /**
     * Returns a context of the provider on the class path.
     *
     * @param closeNotify {@link #REQUIRED} or {@link #OPTIONAL}
     * @param keys the key managers; null if the client has no certificate
     * @param trust the trust managers; null for those of the JVM
     * @throws AssertionError if the class path has the wrapper of another form
     */
    SSLContext context(SocketMode mode, String closeNotify, KeyManager[] keys, TrustManager[] trust)
            throws GeneralSecurityException {
        var provider = mode.provider(closeNotify);
        if (!provider.getInfo().contains("wrapped by " + wrapper)) {
            throw new AssertionError(this + " is not what the class path has: " + provider.getInfo());
        }
        var context = SSLContext.getInstance("TLS", provider);
        context.init(keys, trust, null);
        return context;
    }

    /** Returns a client's context that trusts this certificate. */
    SSLContext context(SocketMode mode, Certificate trusted) throws GeneralSecurityException, IOException {
        var context = context(mode, REQUIRED, null, trusted.trustManagers());
        context.getClientSessionContext().setSessionCacheSize(100); // thousands would look like a leak
        return context;
    }
}
