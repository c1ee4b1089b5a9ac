package dev.cooperativetls.bench.calls;

import dev.cooperativetls.altprovider.AltProvider;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A body asked for and read whole, over a connection that is there. The server is a process of its own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {

    /** Whose sockets; the first two are the provider's, with the patched wrapper. */
    public enum Sockets { READ, READ_INTO, BOUNCYCASTLE, JDK }

    @Param
    public Sockets sockets;

    @Param({"1", "1024", "16384", "1048576"})
    public int bytes;

    private final byte[] buffer = new byte[1 << 14];
    private byte[] request;
    private BodyServer server;
    private SSLSocket socket;

    /** It tells of each of the JDK's settings that it does not know. A logger that nobody holds forgets its level. */
    private static final Logger BOUNCYCASTLE = Logger.getLogger("org.bouncycastle");

    @Setup
    public void connect() throws GeneralSecurityException, IOException, InterruptedException {
        BOUNCYCASTLE.setLevel(Level.SEVERE);
        request = ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array();
        server = BodyServer.start();
        SSLContext context = SSLContext.getInstance("TLS", provider());
        context.init(null, server.trust(), null);
        SocketChannel plain = SocketChannel.open(server.address());
        socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain.socket(), "localhost", server.address().getPort(), true);
    }

    private Provider provider() {
        return switch (sockets) {
            case READ -> alternative("read");
            case READ_INTO -> alternative("readInto");
            case BOUNCYCASTLE -> new BouncyCastleJsseProvider(new BouncyCastleProvider());
            case JDK -> Security.getProvider("SunJSSE");
        };
    }

    private static Provider alternative(String readCall) {
        System.setProperty("cooperativetls.readCall", readCall);
        return new AltProvider();
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
                throw new EOFException("the server ended after %d of %d bytes".formatted(bytes - left, bytes));
            }
            left -= count;
        }
        return left;
    }
}
