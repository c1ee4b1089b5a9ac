package dev.cooperativetls.altprovider;

/**
 * A service that puts a wrapper around every {@link Connection}, so that its blocking calls wait in another way.
 * The provider takes the one that lies on the class path. Python: {@code gevent_openssl.monkey_patch()}.
 */
public interface ConnectionWrapper {

    /** Returns what the socket is to use in place of this connection. */
    Connection wrap(Connection connection);
}
