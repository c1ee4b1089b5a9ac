package dev.cooperativetls.server;

import java.net.BindException;

/** An exception for a port on which another socket listens. */
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
