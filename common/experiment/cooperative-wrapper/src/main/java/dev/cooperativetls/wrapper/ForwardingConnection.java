package dev.cooperativetls.wrapper;

import dev.cooperativetls.altprovider.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * A connection that forwards every call to another connection. If a call is added to {@link Connection} later, a
 * subclass still compiles without it, and the call is forwarded unchanged. Python: {@code __getattr__}.
 */
public class ForwardingConnection implements Connection {

    private final Connection connection;

    protected ForwardingConnection(Connection connection) {
        this.connection = Objects.requireNonNull(connection);
    }

    @Override
    public void handshake() throws IOException {
        connection.handshake();
    }

    @Override
    public byte[] read(int max) throws IOException {
        return connection.read(max);
    }

    @Override
    public int readInto(ByteBuffer buffer) throws IOException {
        return connection.readInto(buffer);
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        connection.write(data);
    }

    @Override
    public void shutdown() throws IOException {
        connection.shutdown();
    }

    @Override
    public SocketChannel channel() {
        return connection.channel();
    }
}
