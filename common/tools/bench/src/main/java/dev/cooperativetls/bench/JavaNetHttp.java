package dev.cooperativetls.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * {@link HttpClient} over HTTP/1.1, a virtual thread for each page as the program has it. A connection serves one
 * request at a time, so pages at once have as many.
 *
 * @param caFile with the one CA to trust
 */
record JavaNetHttp(Path caFile) implements Client {

    /** As with the program, what a JVM does once is done before the clock starts. */
    @Override
    public Round fetch(URI url, int pages) throws GeneralSecurityException, IOException, InterruptedException {
        long allocatedBefore = Client.allocatedBytes();
        try (HttpClient rehearsing = client()) {
            rehearsing.send(HttpRequest.newBuilder(url.resolve("/")).build(), BodyHandlers.discarding());
        }
        try (HttpClient client = client(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Duration cpuBefore = cpu();
            long started = System.nanoTime();
            List<Future<Integer>> statuses = new ArrayList<>();
            for (int id = 0; id < pages; id++) {
                var request = HttpRequest.newBuilder(URI.create(url + "?page=" + id)).build();
                statuses.add(threads.submit(() -> client.send(request, BodyHandlers.ofByteArray()).statusCode()));
            }
            int valid = 0;
            for (Future<Integer> status : statuses) {
                valid += isValid(status) ? 1 : 0;
            }
            return new Round((System.nanoTime() - started) / 1e9, valid, cpu().minus(cpuBefore).toMillis() / 1000.0,
                    Client.allocatedBytes() - allocatedBefore);
        }
    }

    /** As the program measures it. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static boolean isValid(Future<Integer> status) throws InterruptedException {
        try {
            return status.get() == 200;
        } catch (ExecutionException _) {
            return false;
        }
    }

    private HttpClient client() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
    }
}
