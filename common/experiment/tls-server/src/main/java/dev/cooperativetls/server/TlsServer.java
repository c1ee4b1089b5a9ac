package dev.cooperativetls.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.Options.ChunkedEncodingPolicy;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The server in this JVM. It listens on loopback only. It always uses SunJSSE, even if another provider is installed
 * first. Otherwise a provider under test could run the server of its own test.
 */
public final class TlsServer implements DelayServer {

    private static final int ANY_FREE_PORT = 0;
    private static final String SUN_JSSE = "SunJSSE";

    /** Enough threads to accept and parse requests. A delayed request needs no thread. */
    private static final int CONTAINER_THREADS = 48;
    private static final int ANSWERING_THREADS = 8;

    /** Longer than any delay, so that no connection is closed as idle before its answer. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(Delay.LONGEST_SECONDS + 60);

    private final LoopbackPort https;
    private final LoopbackPort http;
    private final Path caFile;
    private final WireMockServer wireMock;
    private final InFlightCounters counters;
    private final Deque<Closeable> opened;

    private TlsServer(LoopbackPort https, LoopbackPort http, Path caFile, WireMockServer wireMock,
            InFlightCounters counters, Deque<Closeable> opened) {
        this.https = https;
        this.http = http;
        this.caFile = caFile;
        this.wireMock = wireMock;
        this.counters = counters;
        this.opened = opened;
    }

    /**
     * Starts a server on free ports.
     *
     * @throws IOException if no port can be bound or the CA file cannot be written
     */
    public static TlsServer start() throws IOException {
        return start(ANY_FREE_PORT, ANY_FREE_PORT);
    }

    /**
     * Starts a server on these ports; 0 stands for any free port.
     *
     * @throws java.net.BindException if a port cannot be bound; the message names the port
     * @throws IOException if the CA file cannot be written
     */
    public static TlsServer start(int httpsPort, int httpPort) throws IOException {
        var opened = new ArrayDeque<Closeable>();
        try {
            LoopbackPort https = LoopbackPort.bind(httpsPort);
            opened.push(https);
            LoopbackPort http = LoopbackPort.bind(httpPort);
            opened.push(http);
            var authority = new CertificateAuthority();
            SSLContext tls = sunJsse(authority);
            Path folder = Files.createTempDirectory("tls-server-");
            opened.push(() -> Files.delete(folder));
            Path caFile = folder.resolve("ca.pem");
            opened.push(() -> Files.deleteIfExists(caFile));
            Files.writeString(Files.createFile(caFile, ownerOnly(caFile)), authority.pem());
            var counters = new InFlightCounters(System::nanoTime);
            var wireMock = new WireMockServer(settings(folder).httpServerFactory((options, admin, stubs) ->
                    new LoopbackHttpServer(options, admin, stubs, https, http, tls, new InFlightListener(counters))));
            opened.push(wireMock::stop);
            stub(wireMock);
            wireMock.start();
            var server = new TlsServer(https, http, caFile, wireMock, counters, opened);
            return server;
        } catch (IOException | RuntimeException e) {
            closeAll(opened);
            throw e;
        } catch (GeneralSecurityException e) {
            closeAll(opened);
            throw new IllegalStateException("this JVM cannot serve TLS: " + e.getMessage(), e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static WireMockConfiguration settings(Path folder) {
        return wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                // WireMock serves the files in its root folder. This folder contains only the CA file.
                .withRootDirectory(folder.toString())
                .extensions(new DelayTransformer())
                .asynchronousResponseEnabled(true)
                .asynchronousResponseThreads(ANSWERING_THREADS)
                .containerThreads(CONTAINER_THREADS)
                .jettyAcceptors(1)
                .jettyIdleTimeout(IDLE_TIMEOUT.toMillis())
                .jettyStopTimeout(0L)
                .useChunkedTransferEncoding(ChunkedEncodingPolicy.NEVER)
                .gzipDisabled(true)
                .disableRequestJournal()
                .stubRequestLoggingDisabled(true)
                // Otherwise WireMock would change every XML parser in the JVM by system properties.
                .disableOptimizeXmlFactoriesLoading(true);
    }

    private static void stub(WireMockServer wireMock) {
        wireMock.stubFor(any(anyUrl()).atPriority(Integer.MAX_VALUE).willReturn(notFound()));
        wireMock.stubFor(any(urlPathMatching("/delay/.*"))
                .willReturn(notFound().withTransformers(DelayTransformer.NAME)));
    }

    private static ResponseDefinitionBuilder notFound() {
        return aResponse()
                .withStatus(404)
                .withHeader("Content-Type", "application/json")
                .withBody("{\"error\":\"not found: try /delay/1\"}");
    }

    private static SSLContext sunJsse(CertificateAuthority authority) throws GeneralSecurityException {
        var password = new char[0];
        var keys = KeyManagerFactory.getInstance("SunX509", SUN_JSSE);
        keys.init(authority.newServerKeyStore(password), password);
        var tls = SSLContext.getInstance("TLS", SUN_JSSE);
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }

    private static void closeAll(Deque<Closeable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public URI httpsUrl() {
        return URI.create("https://localhost:" + https.number());
    }

    @Override
    public URI httpUrl() {
        return URI.create("http://localhost:" + http.number());
    }

    @Override
    public Path caFile() {
        return caFile;
    }

    @Override
    public InFlightRequests inFlight() {
        return counters.inFlight();
    }

    @Override
    public InFlightRequests inFlight(String run) {
        return counters.inFlight(run);
    }

    /**
     * Returns the WireMock server, for your own stubs, such as faults. The latest stub is used. Only this JVM can
     * access the admin interface. {@code resetAll()} would remove {@code /delay} too.
     */
    public WireMockServer wireMock() {
        return wireMock;
    }

    @Override
    public void close() {
        synchronized (opened) {
            closeAll(opened);
        }
    }
}
