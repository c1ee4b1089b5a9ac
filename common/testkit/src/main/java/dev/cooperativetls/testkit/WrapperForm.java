package dev.cooperativetls.testkit;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The wrapper around the provider's connections. A form is what the test's class path makes it. */
public enum WrapperForm {
    /** No wrapper: every wait is in {@code Poll}. */
    BARE("nobody", Set.of(SocketMode.READ, SocketMode.READ_INTO)),
    /** The wrapper as its author left it: a reader that calls {@code readInto} waits in {@code Poll}. */
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

    /** Returns the class that makes a reader wait: {@code Poll} or {@code Hub}. */
    String readerWaitsIn(SocketMode mode) {
        return polling.contains(mode.readCall()) ? "Poll" : "Hub";
    }

    /** Returns whether a virtual thread that waits to read blocks its carrier. */
    boolean blocksCarrier(SocketMode mode) {
        return mode.virtual() && polling.contains(mode.readCall());
    }

    /** Returns any mode: mostly with BouncyCastle's engine, and seldom one that blocks the carrier. */
    SocketMode mode(RandomGenerator random) {
        String call = SocketMode.READ_CALLS.get(random.nextInt(SocketMode.READ_CALLS.size()));
        return new SocketMode(call, random.nextInt(5) == 0 ? SocketMode.JDK : SocketMode.BOUNCYCASTLE,
                random.nextBoolean() ? "TLSv1.2" : "TLSv1.3",
                random.nextInt(8) < (polling.contains(call) ? 1 : 6));
    }

    /**
     * Returns a context of the provider that lies on the class path.
     *
     * @param closeNotify {@link #REQUIRED} or {@link #OPTIONAL}
     * @param keys null if the client has no certificate
     * @param trust null for the JVM's own
     * @throws AssertionError if the wrapper on the class path is not this form's
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
