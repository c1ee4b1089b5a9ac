package dev.cooperativetls.server;

import java.net.BindException;

/** Somebody else listens on the port. */
final class PortInUseException extends BindException {

    private static final long serialVersionUID = 1;

    private final int port;

    PortInUseException(int port) {
        super("port %s is in use".formatted(port));
        this.port = port;
    }

    int port() {
        return port;
    }
}
