package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/**
 * One form of the sockets: who wraps their connections, which read calls are of interest in it, and with which of these
 * a reader waits in {@link Poll}, so that a virtual thread holds its carrier.
 */
record Form(Optional<ConnectionWrapper> wrapper, Set<ReadCall> readCalls, Set<ReadCall> polling) {

    /** Whether a virtual thread that waits in this way holds its carrier. */
    boolean holdsCarrier(Way way) {
        return way.virtual() && polling.contains(way.readCall());
    }

    /** Any way, but with BouncyCastle's engine mostly, and seldom one that holds the carrier. */
    Way way(RandomGenerator random) {
        ReadCall call = readCalls.stream().sorted().toList().get(random.nextInt(readCalls.size()));
        return new Way(call, random.nextInt(5) == 0 ? EngineSource.JDK : EngineSource.BOUNCYCASTLE,
                random.nextBoolean() ? "TLSv1.2" : "TLSv1.3",
                random.nextInt(8) < (polling.contains(call) ? 1 : 6));
    }

    /** A client's context of this form. */
    SSLContext context(Way way, Certificate trusted) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS",
                new AltProvider(new ProviderSettings(way.readCall(), way.engine(), CloseNotify.REQUIRED, wrapper)));
        context.init(null, trusted.trustManagers(), null);
        context.getClientSessionContext().setSessionCacheSize(100); // thousands would look like a leak
        return context;
    }
}
