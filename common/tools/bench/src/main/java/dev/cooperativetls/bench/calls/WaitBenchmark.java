package dev.cooperativetls.bench.calls;

import dev.cooperativetls.altprovider.Connection;
import dev.cooperativetls.wrapper.CooperativeConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tlschannel.NeedsReadException;

/**
 * A byte that is sent to an echo thread, and the wait for its return, in which a virtual thread parks. There is no TLS,
 * so the wait dominates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WaitBenchmark {

    private SocketChannel blocking;
    private SocketChannel nonBlocking;
    private Connection onTheHub;
    private final ByteBuffer one = ByteBuffer.allocate(1);

    @Setup
    public void connect() throws IOException {
        blocking = echoed();
        nonBlocking = echoed();
        nonBlocking.configureBlocking(false);
        onTheHub = new CooperativeConnection(new Plain(nonBlocking));
    }

    @TearDown
    public void close() throws IOException {
        blocking.close();
        nonBlocking.close();
    }

    /** Waits in the wrapper's {@code ioWait}, on its hub. */
    @Benchmark
    public byte[] hub() throws IOException {
        nonBlocking.write(one.clear());
        return onTheHub.read(1);
    }

    /** Waits in the JDK's own channel. */
    @Benchmark
    public int jdk() throws IOException {
        blocking.write(one.clear());
        return blocking.read(one.clear());
    }

    private static SocketChannel echoed() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(server.getLocalAddress());
            SocketChannel peer = server.accept();
            Thread.ofPlatform().daemon().name("echo").start(() -> echo(peer));
            return client;
        }
    }

    private static void echo(SocketChannel peer) {
        ByteBuffer bytes = ByteBuffer.allocate(1);
        try (peer) {
            while (peer.read(bytes.clear()) > 0) {
                peer.write(bytes.flip());
            }
        } catch (IOException _) {
            // The client has closed the connection.
        }
    }

    /** A connection without TLS. */
    private record Plain(SocketChannel channel) implements Connection {

        @Override
        public void handshake() {
            // Without TLS there is no handshake.
        }

        @Override
        public byte[] read(int max) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(max);
            readInto(buffer);
            return buffer.array();
        }

        @Override
        public int readInto(ByteBuffer buffer) throws IOException {
            int count = channel.read(buffer);
            if (count == 0) {
                throw new NeedsReadException();
            }
            return count;
        }

        @Override
        public void write(ByteBuffer data) throws IOException {
            channel.write(data);
        }

        @Override
        public void shutdown() {
            // Without TLS there is no close_notify.
        }
    }
}
