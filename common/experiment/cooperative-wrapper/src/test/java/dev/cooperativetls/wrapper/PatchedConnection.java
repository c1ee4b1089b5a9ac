package dev.cooperativetls.wrapper;

import dev.cooperativetls.altprovider.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/** The wrapper with {@code readInto} as the patch adds it; its {@code ioWait} is written out, being private. */
public final class PatchedConnection extends CooperativeConnection {

    public PatchedConnection(Connection connection) {
        super(connection);
    }

    @Override
    public int readInto(ByteBuffer buffer) throws IOException {
        int timeoutMillis = channel().socket().getSoTimeout();
        while (true) {
            try {
                return super.readInto(buffer);
            } catch (NeedsReadException _) {
                Hub.shared().await(channel(), SelectionKey.OP_READ, timeoutMillis);
            } catch (NeedsWriteException _) {
                Hub.shared().await(channel(), SelectionKey.OP_WRITE, timeoutMillis);
            }
        }
    }
}
