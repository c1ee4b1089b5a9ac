package dev.cooperativetls.bench.calls;

import dev.cooperativetls.server.CertificateAuthority;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server that answers a number, four bytes, with as many bytes; in a process of its own, on loopback, on the JDK's
 * TLS and with a key of its own. It ends with whoever started it.
 */
final class BodyServer implements AutoCloseable {

    private static final int MOST_AT_A_TIME = 1 << 14;

    private final Process process;
    private final InetSocketAddress address;
    private final KeyStore trusted;

    private BodyServer(Process process) throws GeneralSecurityException, IOException {
        this.process = process;
        DataInputStream told = new DataInputStream(process.getInputStream());
        address = new InetSocketAddress("localhost", told.readInt());
        trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(told.readUTF().getBytes(StandardCharsets.US_ASCII))));
    }

    static BodyServer start() throws GeneralSecurityException, IOException {
        return new BodyServer(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData",
                        "-cp", System.getProperty("java.class.path"), BodyServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    InetSocketAddress address() {
        return address;
    }

    /** Trusts this server and nobody else. */
    TrustManager[] trust() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    @Override
    public void close() {
        process.destroy();
    }

    // In the process

    public static void main(String... none) throws GeneralSecurityException, IOException {
        CertificateAuthority authority = new CertificateAuthority();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(authority.newServerKeyStore(new char[0]), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys.getKeyManagers(), null, null);
        try (ServerSocket server = context.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DataOutputStream out = new DataOutputStream(System.out);
            out.writeInt(server.getLocalPort());
            out.writeUTF(authority.pem());
            out.flush();
            Thread.ofPlatform().daemon().name("bodies").start(() -> serve(server));
            while (System.in.read() >= 0) {
                // Until whoever started it is gone.
            }
        }
    }

    private static void serve(ServerSocket server) {
        byte[] bytes = new byte[MOST_AT_A_TIME];
        try (Socket client = server.accept()) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                for (int left = in.readInt(); left > 0; left -= bytes.length) {
                    out.write(bytes, 0, Math.min(left, bytes.length));
                }
            }
        } catch (IOException _) {
            // The client is done.
        }
    }
}
