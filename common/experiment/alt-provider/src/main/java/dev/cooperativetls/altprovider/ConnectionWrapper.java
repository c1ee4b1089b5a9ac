package dev.cooperativetls.altprovider;

/**
 * A service that puts a wrapper around every {@link Connection}, so that the blocking calls wait in another way. The
 * provider uses the first such service on the class path. Python: {@code gevent_openssl.monkey_patch()}.
 */
public interface ConnectionWrapper {

    /** Returns the connection that the socket uses instead of the given one. Several threads may call this. */
    Connection wrap(Connection connection);
}
