package dev.cooperativetls.altprovider;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The settings of a provider, which apply to all its sockets.
 *
 * @param wrapper the service that wraps each connection, if there is one
 */
record ProviderSettings(
        ReadCall readCall, EngineSource engine, CloseNotify closeNotify, Optional<ConnectionWrapper> wrapper) {

    /**
     * Returns the settings of the system properties, with the wrapper that is on the class path.
     *
     * @throws IllegalArgumentException if a property has a value that is not allowed
     * @throws java.util.ServiceConfigurationError if a wrapper on the class path cannot be loaded
     */
    static ProviderSettings configured() {
        return new ProviderSettings(ReadCall.configured(), EngineSource.configured(), CloseNotify.configured(),
                ServiceLoader.load(ConnectionWrapper.class, AltProvider.class.getClassLoader()).findFirst());
    }

    /** Returns the connection, wrapped if there is a wrapper. */
    Connection wrap(Connection connection) {
        return wrapper.map(found -> found.wrap(connection)).orElse(connection);
    }

    @Override
    public String toString() {
        return "%s engine, waits in poll(2), streams call %s, connections wrapped by %s%s".formatted(engine, readCall,
                wrapper.map(found -> found.getClass().getSimpleName()).orElse("nobody"),
                closeNotify == CloseNotify.OPTIONAL ? ", close_notify is optional" : "");
    }
}
