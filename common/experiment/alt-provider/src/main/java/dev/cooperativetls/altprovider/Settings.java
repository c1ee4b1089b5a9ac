package dev.cooperativetls.altprovider;

import java.util.Optional;
import java.util.ServiceLoader;

/** What a provider sets for all its sockets. */
record Settings(ReadCall readCall, EngineSource engine, CloseNotify closeNotify, Optional<ConnectionWrapper> wrapper) {

    /**
     * From the system properties and, for the wrapper, from the class path.
     *
     * @throws IllegalArgumentException if a property holds none of its values
     * @throws java.util.ServiceConfigurationError if a wrapper on the class path cannot be loaded
     */
    static Settings configured() {
        return new Settings(ReadCall.configured(), EngineSource.configured(), CloseNotify.configured(),
                ServiceLoader.load(ConnectionWrapper.class, AltProvider.class.getClassLoader()).findFirst());
    }

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
