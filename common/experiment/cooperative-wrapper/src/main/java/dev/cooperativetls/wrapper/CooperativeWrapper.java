package dev.cooperativetls.wrapper;

import dev.cooperativetls.altprovider.Connection;
import dev.cooperativetls.altprovider.ConnectionWrapper;

/** The service that the provider loads. It wraps each connection in a {@link CooperativeConnection}. */
public final class CooperativeWrapper implements ConnectionWrapper {

    @Override
    public Connection wrap(Connection connection) {
        return new CooperativeConnection(connection);
    }
}
