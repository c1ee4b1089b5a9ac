package dev.cooperativetls.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP clients of the tests. They trust only the server's CA, and verify host names. */
final class Client {

    private Client() {}

    static HttpClient trusting(Path caFile) throws IOException, GeneralSecurityException {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls(caFile)).build();
    }

    static SSLContext tls(Path caFile) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12", "SUN");
        store.load(null, null);
        try (var pem = Files.newInputStream(caFile)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        var trust = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
        trust.init(store);
        var tls = SSLContext.getInstance("TLS", "SunJSSE");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }

    static HttpResponse<String> get(HttpClient client, URI base, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** Opens connections, sends a request on each, and then reads the status lines of the answers. */
    static List<String> statusLinesAtOnce(DelayServer server, int connections, String path)
            throws IOException, GeneralSecurityException {
        var factory = tls(server.caFile()).getSocketFactory();
        var request = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(US_ASCII);
        var sockets = new ArrayList<SSLSocket>();
        try {
            for (int connection = 0; connection < connections; connection++) {
                var socket = (SSLSocket) factory.createSocket("localhost", server.httpsUrl().getPort());
                sockets.add(socket);
                socket.startHandshake();
            }
            for (SSLSocket socket : sockets) {
                socket.getOutputStream().write(request);
            }
            var statusLines = new ArrayList<String>();
            for (SSLSocket socket : sockets) {
                var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                statusLines.add(answer.readLine());
            }
            return statusLines;
        } finally {
            for (SSLSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
