package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.ProviderException;
import java.util.List;
import java.util.ServiceConfigurationError;

/**
 * The security provider whose {@code SSLContext} hands out {@link WrappedSocket}s. Put first, it serves
 * {@code SSLContext.getDefault()} and {@code SSLContext.getInstance("TLS")}, and with them every client in the JVM
 * that does not ask for another. It lies on the class path as a service: importable, therefore injected.
 *
 * <p>Three system properties set it, read when it is made: {@code cooperativetls.readCall}, {@code read} or
 * {@code readInto} (the default); {@code cooperativetls.engine}, {@code bouncycastle} (the default) or {@code jdk}; and
 * {@code cooperativetls.closeNotify}, {@code required} (the default) or {@code optional}.
 *
 * <p>It never stands aside for another provider in silence, which is what the JDK does with one that cannot be made:
 * with a wrong setting it is made all the same, and every context it is asked for is a {@link ProviderException} that
 * says what to do. So is a context for a version of TLS that is too old, which SunJSSE would still hand out.
 */
public final class AltProvider extends Provider {

    public static final String NAME = "AltTLS";

    private static final long serialVersionUID = 1L;
    private static final List<String> OFFERED = List.of("TLS", "SSL", "TLSv1.2", "TLSv1.3", AltSslContext.DEFAULT);
    private static final List<String> TOO_OLD = List.of("TLSv1.1", "TLSv1", "SSLv3");

    /** Takes the settings from the system properties, and the connection wrapper, if there is one, from the class path. */
    public AltProvider() {
        Settings settings;
        String wrong;
        try {
            settings = Settings.configured();
            wrong = null;
        } catch (IllegalArgumentException | ServiceConfigurationError | LinkageError e) {
            settings = null;
            wrong = e.getMessage();
        }
        this(settings, wrong);
    }

    AltProvider(Settings settings) {
        this(settings, null);
    }

    private AltProvider(Settings settings, String wrong) {
        Poll.prepare();
        super(NAME, "0.1.0", wrong == null ? settings.toString() : "of no use: " + wrong);
        for (String protocol : OFFERED) {
            offer(protocol, () -> {
                if (wrong != null) {
                    throw new ProviderException(wrong);
                }
                return new AltSslContext(protocol, settings);
            });
        }
        for (String protocol : TOO_OLD) {
            offer(protocol, () -> {
                throw new ProviderException(NAME + " has no " + protocol + ": ask for TLS, TLSv1.2 or TLSv1.3");
            });
        }
    }

    private interface Maker {
        AltSslContext make() throws GeneralSecurityException, IOException;
    }

    private void offer(String protocol, Maker maker) {
        putService(new Service(this, "SSLContext", protocol, AltSslContext.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
                try {
                    return maker.make();
                } catch (GeneralSecurityException | IOException e) { // as it is, the JDK would go to the next provider
                    throw new ProviderException("no %s context of %s: %s".formatted(protocol, NAME, e.getMessage()), e);
                }
            }
        });
    }
}
