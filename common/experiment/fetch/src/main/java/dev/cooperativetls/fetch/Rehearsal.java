package dev.cooperativetls.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * What a JVM does once, done before the clock starts: classes are loaded, and an elliptic curve's tables are made. In
 * Python that is the import. Nothing is sent to the server whose pages are to be fetched.
 *
 * <p>Whatever fails here will fail again in a page, and be told there.
 */
final class Rehearsal {

    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            .getBytes(StandardCharsets.US_ASCII);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private Rehearsal() {
    }

    /** A page over plain HTTP, from this process itself, and one that fails. */
    static void http(PageClient client) {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var deadlines = new Deadlines(Map.of())) {
            Thread.ofPlatform().daemon().name("rehearsal").start(() -> answerOnce(server));
            URI uri = URI.create("http://localhost:" + server.getLocalPort());
            client.get(uri, new PageRun(0, uri, client, Stopwatch.start(), deadlines, _ -> { }));
        } catch (IOException | RuntimeException _) {
            // See above.
        }
        // Its class may be a file, which nobody can open once the pages have taken all descriptors.
        Reason.of(new IOException());
    }

    private static void answerOnce(ServerSocket server) {
        // The server too, whatever fails: a client left in its backlog, for want of a descriptor, would wait on.
        try (server; Socket socket = server.accept()) {
            socket.setSoTimeout((int) LONGEST.toMillis());
            var request = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                // To the end of the head.
            }
            socket.getOutputStream().write(ANSWER);
        } catch (IOException _) {
            // See above.
        }
    }

    /** A ClientHello that goes nowhere, and a signature on the curve that most certificates are on. */
    static void tls(SSLContext context) {
        try {
            SSLEngine engine = context.createSSLEngine("localhost", 443);
            engine.setUseClientMode(true);
            engine.beginHandshake();
            engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            byte[] signed = signature.sign();
            signature.initVerify(keys.getPublic());
            signature.verify(signed);
        } catch (GeneralSecurityException | IOException | RuntimeException _) {
            // See above.
        }
    }
}
