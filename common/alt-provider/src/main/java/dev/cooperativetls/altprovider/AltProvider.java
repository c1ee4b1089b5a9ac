package dev.cooperativetls.altprovider;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The security provider whose {@code SSLContext} hands out {@link WrappedSocket}s. Put first, it serves
 * {@code SSLContext.getDefault()} and {@code SSLContext.getInstance("TLS")}, and with them every client in the JVM
 * that does not ask for another. It lies on the class path as a service: importable, therefore injected.
 *
 * <p>Two system properties set it, read when it is made: {@code cooperativetls.readCall}, {@code read} or
 * {@code readInto} (the default), and {@code cooperativetls.engine}, {@code bouncycastle} (the default) or
 * {@code jdk}.
 */
public final class AltProvider extends Provider {

    public static final String NAME = "AltTLS";

    private static final long serialVersionUID = 1L;
    private static final List<String> PROTOCOLS = List.of("TLS", "SSL", "TLSv1.2", "TLSv1.3", "Default");

    /**
     * Takes the settings from the system properties, and the connection wrapper, if there is one, from the class path.
     *
     * @throws IllegalArgumentException if a property holds none of its values
     * @throws java.util.ServiceConfigurationError if a wrapper on the class path cannot be loaded
     */
    public AltProvider() {
        this(ReadCall.configured(), EngineSource.configured(),
                ServiceLoader.load(ConnectionWrapper.class, AltProvider.class.getClassLoader()).findFirst());
    }

    AltProvider(ReadCall readCall, EngineSource engine, Optional<ConnectionWrapper> wrapper) {
        super(NAME, "0.1.0", "%s engine, waits in poll(2), streams call %s, connections wrapped by %s".formatted(
                engine, readCall, wrapper.map(found -> found.getClass().getSimpleName()).orElse("nobody")));
        ConnectionWrapper wrap = wrapper.orElse(connection -> connection);
        for (String protocol : PROTOCOLS) {
            putService(new Service(this, "SSLContext", protocol, AltSslContext.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    return new AltSslContext(engine.context(protocol), new WrappedSocket.Settings(readCall, wrap));
                }
            });
        }
    }
}
