package dev.cooperativetls.bench.calls;

import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.server.CertificateAuthority;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A server in a separate process, on loopback and with the JDK's TLS. It reads a number of four bytes and answers with
 * this number of bytes.
 */
final class BodyServer implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(1);
    private static final int BUFFER_BYTES = 1 << 14;

    private final ChildJvm process;
    private final InetSocketAddress address;
    private final Path caFile;

    private BodyServer(ChildJvm process) throws IOException, InterruptedException {
        this.process = process;
        address = new InetSocketAddress("localhost", Integer.parseInt(readLine()));
        caFile = Path.of(readLine());
    }

    static BodyServer start() throws IOException, InterruptedException {
        return new BodyServer(ChildJvm.start(
                List.of("-cp", System.getProperty("java.class.path"), BodyServer.class.getName())));
    }

    private String readLine() throws IOException, InterruptedException {
        return process.readLine(LONGEST_START).orElseThrow(() -> new IOException("the server did not start"));
    }

    InetSocketAddress address() {
        return address;
    }

    /** Returns a PEM file with the server's CA. */
    Path caFile() {
        return caFile;
    }

    @Override
    public void close() {
        process.close();
    }

    /** Serves one client. Prints the port and the name of the CA's file, and ends when standard input ends. */
    public static void main(String... none) throws GeneralSecurityException, IOException {
        var authority = new CertificateAuthority();
        Path pem = Files.writeString(Files.createTempFile("bench-ca-", ".pem"), authority.pem());
        pem.toFile().deleteOnExit();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(authority.newServerKeyStore(new char[0]), new char[0]);
        var context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys.getKeyManagers(), null, null);
        try (var server = context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            System.out.println(pem);
            Thread.ofPlatform().daemon().name("bodies").start(() -> serve(server));
            while (System.in.read() >= 0) {
                // Ignores the input and waits for its end.
            }
        }
    }

    private static void serve(ServerSocket server) {
        var bytes = new byte[BUFFER_BYTES];
        try (Socket client = server.accept()) {
            client.setTcpNoDelay(true);
            var in = new DataInputStream(client.getInputStream());
            var out = client.getOutputStream();
            while (true) {
                for (int left = in.readInt(); left > 0; left -= bytes.length) {
                    out.write(bytes, 0, Math.min(left, bytes.length));
                }
            }
        } catch (IOException _) {
            // The client has closed the connection.
        }
    }
}
