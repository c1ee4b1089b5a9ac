package dev.cooperativetls.wrapper;

import dev.cooperativetls.altprovider.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A connection whose calls wait for the channel themselves, on the {@link Hub}: the thread is parked, and a virtual
 * thread leaves its carrier.
 *
 * <p>A wait ends with {@link java.net.SocketTimeoutException} after the socket's {@code SO_TIMEOUT}, and with
 * {@link java.net.SocketException} when a virtual thread is interrupted or the channel is closed.
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

    /** Makes the call until it need not wait, and waits on the hub between. Python: {@code __iowait}. */
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
