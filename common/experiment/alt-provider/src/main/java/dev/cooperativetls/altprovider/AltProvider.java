package dev.cooperativetls.altprovider;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.ProviderException;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;

/**
 * A security provider that demonstrates a fault: its TLS sockets, {@link WrappedSocket}s, block the carrier of a
 * virtual thread while they wait. It is not for production.
 *
 * <p>Once it is installed first, {@code SSLContext.getDefault()} and {@code SSLContext.getInstance("TLS")} return its
 * contexts. So every client in the JVM uses it, unless the client names another provider. The jar lists it as a
 * service, so a program that installs the services on its class path uses it too.
 *
 * <p>Three system properties configure it. They are read when the provider is constructed.
 * <ul>
 * <li>{@code cooperativetls.readCall}: {@code readInto} or {@code read} (default: {@code readInto})
 * <li>{@code cooperativetls.engine}: {@code bouncycastle} or {@code jdk} (default: {@code bouncycastle})
 * <li>{@code cooperativetls.closeNotify}: {@code required} or {@code optional} (default: {@code required})
 * </ul>
 *
 * <p>If a provider cannot be constructed, the JDK silently tries the next one. To avoid that, this provider always
 * constructs. If a setting is wrong, it throws a {@link ProviderException} that explains the setting whenever a context
 * is requested. It throws the same exception for a version of TLS that is too old, because the JDK would otherwise use
 * SunJSSE for it.
 */
public final class AltProvider extends Provider {

    public static final String NAME = "AltTLS";

    private static final long serialVersionUID = 1L;
    private static final List<String> OFFERED = List.of("TLS", "SSL", "TLSv1.2", "TLSv1.3", AltSslContext.DEFAULT);
    private static final List<String> TOO_OLD = List.of("TLSv1.1", "TLSv1", "SSLv3");

    /** Creates a provider with the settings of the system properties and the wrapper on the class path, if any. */
    public AltProvider() {
        this(Configuration.read());
    }

    AltProvider(ProviderSettings settings) {
        this(new Configuration(settings, null));
    }

    private AltProvider(Configuration configuration) {
        super(NAME, version(), configuration.toString());
        ProviderSettings settings = configuration.settings;
        String wrong = configuration.wrong;
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

    /**
     * The settings, or the reason why they are not valid.
     *
     * @param settings null if they are not valid
     * @param wrong the reason; null if the settings are valid
     */
    private record Configuration(ProviderSettings settings, String wrong) {

        static Configuration read() {
            Poll.prepare();
            try {
                return new Configuration(ProviderSettings.configured(), null);
            } catch (IllegalArgumentException | ServiceConfigurationError | LinkageError e) {
                return new Configuration(null, e.getMessage());
            }
        }

        @Override
        public String toString() {
            return wrong == null ? settings.toString() : "not usable: " + wrong;
        }
    }

    /** Returns the version in the jar's manifest, or "unknown" if the classes do not come from a jar. */
    private static String version() {
        return Objects.requireNonNullElse(AltProvider.class.getPackage().getImplementationVersion(), "unknown");
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
                } catch (GeneralSecurityException | IOException e) { // if checked, the JDK tries the next provider
                    throw new ProviderException("no %s context of %s: %s".formatted(protocol, NAME, e.getMessage()), e);
                }
            }
        });
    }
}
