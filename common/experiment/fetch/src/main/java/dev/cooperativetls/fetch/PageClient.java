package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Step;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * An HTTP client that {@code fetch} can use. It is a service of {@link java.util.ServiceLoader}, with a public
 * constructor without parameters. The constructor must not start a virtual thread, because {@code fetch} sets the
 * number of carriers later.
 *
 * <p>Your own client is one class:
 *
 * <pre>{@code
 * public final class MyClient implements PageClient {
 *     private AcmeClient acme;
 *
 *     public String name() {
 *         return "my-client";
 *     }
 *     public void open(ClientSettings settings) {
 *         acme = new AcmeClient(settings.tls().context());
 *     }
 *     public void get(URI uri, PageProgress page) throws IOException {
 *         AcmeResponse response = acme.get(uri);
 *         page.answered(response.status(), "http/1.1");
 *         page.read(response.body());
 *     }
 *     public Set<Step> unreported() {
 *         return EnumSet.of(Step.CONNECT_START, Step.CONNECTED, Step.HANDSHAKEN, Step.SENT);
 *     }
 *     public void close() {
 *         acme.close();
 *     }
 * }
 * }</pre>
 *
 * <p>{@code fetch --client com.acme.MyClient} finds it by its class name, and {@code --client my-client} by its name if
 * {@code META-INF/services/dev.cooperativetls.fetch.PageClient} lists it.
 */
public interface PageClient extends AutoCloseable {

    /** Returns the name for {@code --client}, in lower case. */
    String name();

    /**
     * Prepares the client. {@code fetch} calls this method once per client, before {@link #get}, on a platform thread.
     *
     * @throws Exception if the client cannot work with these settings; {@code fetch} prints the message
     */
    void open(ClientSettings settings) throws Exception;

    /**
     * Fetches a page and reports each of its steps that the client can detect. Many threads call it concurrently.
     *
     * @param uri http or https
     * @param page receives the steps and the response of this page
     * @throws Exception if the page cannot be fetched; the root cause becomes the page's problem
     */
    void get(URI uri, PageProgress page) throws Exception;

    /** Returns the steps that this client cannot report. {@code START} and {@code END} are reported by fetch itself. */
    Set<Step> unreported();

    /**
     * Returns the HTTP versions that the client supports over TLS, by their ALPN names (default: HTTP/1.1).
     */
    default Set<String> httpVersions() {
        return Set.of(PageProgress.HTTP_1_1);
    }

    /**
     * Closes all connections.
     *
     * @throws IOException if that fails; {@code fetch} ignores it
     */
    @Override
    void close() throws IOException;
}
