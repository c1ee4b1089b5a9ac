package dev.cooperativetls.bench.calls;

import dev.cooperativetls.altprovider.AltProvider;
import dev.cooperativetls.fetch.Tls;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A request and the whole body of its response, over an open connection. The server runs in a separate process. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {

    /** The sockets to read from. All except the JDK's are those of alt-provider with the patched wrapper. */
    public enum Sockets {
        READ("read", "bouncycastle"), READ_INTO("readInto", "bouncycastle"), READ_INTO_JDK_ENGINE("readInto", "jdk"),
        JDK(null, null);

        private final String readCall;
        private final String engine;

        Sockets(String readCall, String engine) {
            this.readCall = readCall;
            this.engine = engine;
        }

        /** Installs the provider of these sockets first in this JVM. */
        private void install() {
            if (this != JDK) {
                System.setProperty("cooperativetls.readCall", readCall);
                System.setProperty("cooperativetls.engine", engine);
                Security.insertProviderAt(new AltProvider(), 1);
            }
        }
    }

    /**
     * A logger that must stay referenced, because otherwise its level is lost. BouncyCastle logs every JDK setting that
     * it does not know.
     */
    private static final Logger BOUNCYCASTLE = Logger.getLogger("org.bouncycastle");

    @Param
    public Sockets sockets;

    @Param({"1", "1024", "16384", "1048576"})
    public int bytes;

    private final byte[] buffer = new byte[1 << 14];
    private byte[] request;
    private BodyServer server;
    private SSLSocket socket;

    @Setup
    public void connect() throws GeneralSecurityException, IOException, InterruptedException {
        BOUNCYCASTLE.setLevel(Level.SEVERE);
        request = ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array();
        server = BodyServer.start();
        sockets.install();
        SocketChannel plain = SocketChannel.open(server.address());
        socket = (SSLSocket) Tls.trusting(server.caFile()).context().getSocketFactory()
                .createSocket(plain.socket(), "localhost", server.address().getPort(), true);
    }

    @TearDown
    public void close() throws IOException {
        socket.close();
        server.close();
    }

    @Benchmark
    public int read() throws IOException {
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        int left = bytes;
        while (left > 0) {
            int count = in.read(buffer, 0, Math.min(left, buffer.length));
            if (count < 0) {
                throw new EOFException("the body ended after %s of %s bytes".formatted(bytes - left, bytes));
            }
            left -= count;
        }
        return left;
    }
}
