package dev.cooperativetls.fetch;

import java.time.Duration;

/**
 * One GET of the server's root path before the clock starts. It loads the classes of the HTTP client and of the TLS
 * provider and makes their first handshake, so that no page pays for that. In Python, the import does it.
 *
 * <p>The answer does not matter: whatever fails here fails again in a page and is reported there.
 */
final class WarmUp {

    /** The number of the warm-up's page, which is not a page of the run. */
    static final int ID = -1;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private WarmUp() {}

    /**
     * Makes the request with a client that is closed afterwards, and waits for it for ten seconds at most.
     *
     * @param client a client that is not the run's, so that the run begins without connections
     */
    static void of(PageClient client, ClientSettings clientSettings, RunSettings settings) {
        try {
            client.open(clientSettings);
        } catch (Exception _) {
            return;
        }
        // As a page, so that what a page needs is loaded too.
        var page = new PageRun(ID, settings.url().resolve("/"), client, null, Stopwatch.start(), _ -> {});
        var thread = settings.threads().unstarted("warm-up", page);
        thread.start();
        try {
            thread.join(settings.timeout().compareTo(LONGEST) < 0 ? settings.timeout() : LONGEST);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        Pages.close(client); // ends a request that still waits, which could block a carrier of the run
    }
}
