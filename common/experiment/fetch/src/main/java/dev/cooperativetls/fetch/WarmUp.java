package dev.cooperativetls.fetch;

import java.time.Duration;

/**
 * A GET of the server's root path before the clock starts. It loads the classes of the HTTP client and the TLS provider
 * and makes their first handshake, so that no page has this cost. In Python, the import does this.
 *
 * <p>The answer does not matter. A failure is not reported, because the pages report their own failures.
 */
final class WarmUp {

    /** The number of the warm-up's page, which is not a page of the run. */
    static final int ID = -1;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private WarmUp() {}

    /**
     * Makes the request, waits for it for at most ten seconds, and closes the client.
     *
     * @param client a client that the run does not use, so that the run begins without connections
     */
    static void of(PageClient client, ClientSettings clientSettings, RunSettings settings) {
        try {
            client.open(clientSettings);
        } catch (Exception _) {
            return;
        }
        // The request is made as a page, so that the classes of a page are loaded too.
        var page = new PageRun(ID, settings.url().resolve("/"), client, null, Stopwatch.start(), _ -> {});
        var thread = settings.threads().unstarted("warm-up", page);
        thread.start();
        try {
            thread.join(settings.timeout().compareTo(LONGEST) < 0 ? settings.timeout() : LONGEST);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        Pages.close(client); // also ends a request that still waits, because it could block a carrier of the run
    }
}
