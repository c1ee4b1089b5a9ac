package dev.cooperativetls.wrapper;

import dev.cooperativetls.altprovider.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A connection whose calls wait on the {@link Hub} until the channel is ready. The calling thread parks there, and a
 * parked virtual thread leaves its carrier.
 *
 * <p>After the socket's {@code SO_TIMEOUT} a wait throws a {@link java.net.SocketTimeoutException}. It throws a
 * {@link java.net.SocketException} if a virtual thread is interrupted or the channel is closed.
 *
 * <p>Python: {@code gevent_openssl.SSL.Connection}.
 */
public class CooperativeConnection extends ForwardingConnection {

    public CooperativeConnection(Connection connection) {
        super(connection);
    }

    @Override
    public void handshake() throws IOException {
        ioWait(() -> {
            super.handshake();
            return null;
        });
    }

    @Override
    public byte[] read(int max) throws IOException {
        return ioWait(() -> super.read(max));
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        ioWait(() -> {
            super.write(data);
            return null;
        });
    }

    @Override
    public void shutdown() throws IOException {
        ioWait(() -> {
            super.shutdown();
            return null;
        });
    }

    private interface Call<T> {
        T make() throws IOException;
    }

    /** Repeats the call until it would not block, and waits on the hub before each retry. Python: {@code __iowait}. */
    private <T> T ioWait(Call<T> call) throws IOException {
        while (true) {
            try {
                return call.make();
            } catch (NeedsReadException _) {
                Hub.shared().await(channel(), SelectionKey.OP_READ, channel().socket().getSoTimeout());
            } catch (NeedsWriteException _) {
                Hub.shared().await(channel(), SelectionKey.OP_WRITE, channel().socket().getSoTimeout());
            }
        }
    }
}
