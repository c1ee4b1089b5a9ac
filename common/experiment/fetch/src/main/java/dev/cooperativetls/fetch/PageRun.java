package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Step;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One page of a run. Its thread and its HTTP client write to it; any thread may call {@link #snapshot}. */
final class PageRun implements Runnable, PageProgress {

    private static final Logger LOG = LoggerFactory.getLogger(PageRun.class);

    private final int id;
    private final URI uri;
    private final PageClient client;
    private final Duration readTimeout;
    private final Stopwatch stopwatch;
    private final Consumer<Page> done;

    private final Map<Step, Double> times = Collections.synchronizedMap(new EnumMap<>(Step.class));
    private final PageBody body = new PageBody();
    private volatile int status;
    private volatile String http;
    private volatile long bytes;
    private volatile String socketClass;

    /**
     * Creates a page that has not started.
     *
     * @param readTimeout the client's timeout of each wait for bytes, for the error message; null if there is none
     * @param done receives the page when it has ended, in the page's thread
     */
    PageRun(int id, URI uri, PageClient client, Duration readTimeout, Stopwatch stopwatch, Consumer<Page> done) {
        this.id = id;
        this.uri = uri;
        this.client = client;
        this.readTimeout = readTimeout;
        this.stopwatch = stopwatch;
        this.done = done;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public void run() {
        mark(Step.START);
        String problem;
        try {
            client.get(uri, this);
            problem = success() ? wrongAnswer() : httpStatus();
        } catch (Throwable failed) { // an Error too, because the run waits until each page ends
            problem = status == 0 || success() ? reason(failed) : httpStatus();
            LOG.debug("{}: {}", name(), Reason.oneLine(failed.toString()));
        }
        mark(Step.END);
        LOG.debug("{}: {} after {} s, {} bytes", name(), problem == null ? status : problem,
                String.format(Locale.ROOT, "%.2f", times.get(Step.END)), bytes);
        done.accept(snapshot(problem));
    }

    private void mark(Step step) {
        times.put(step, stopwatch.elapsedSeconds());
    }

    @Override
    public void reached(Step step) {
        mark(step);
        if (step == Step.CONNECT_START) {
            LOG.debug("{}: opening a connection to {}", name(), uri.getAuthority());
        }
    }

    @Override
    public void handshaken(String protocol, String cipherSuite) {
        mark(Step.HANDSHAKEN);
        LOG.debug("{}: handshake done, {} {}", name(), protocol, cipherSuite);
    }

    @Override
    public void connectedBy(Class<?> socket) {
        socketClass = socket.getName();
    }

    @Override
    public void answered(int status, String http) {
        mark(Step.FIRST_BYTE);
        this.http = http;
        this.status = status;
    }

    @Override
    public void read(InputStream in) throws IOException {
        try (in) {
            var buffer = new byte[16 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                body.append(buffer, count);
                bytes = body.length();
            }
        }
    }

    /** Returns why the body belongs to another page; null if it does not. */
    private String wrongAnswer() {
        List<String> answered = body.pageIds();
        return answered.isEmpty() || answered.contains(Integer.toString(id))
                ? null : Reason.oneLine("answered for page " + String.join(", ", answered));
    }

    private String reason(Throwable failed) {
        boolean waited = Stream.iterate(failed, Objects::nonNull, Throwable::getCause).limit(50)
                .anyMatch(cause -> cause instanceof SocketTimeoutException || cause instanceof HttpTimeoutException);
        return waited && readTimeout != null ? "no byte came within " + Stopwatch.seconds(readTimeout)
                : Reason.of(failed);
    }

    /** Returns the current state of the page. */
    Page snapshot(String problem) {
        synchronized (times) { // copying a synchronised map needs its lock
            return Page.of(id, status, bytes, http, problem, times);
        }
    }

    /** Returns the class of the socket under the connection; null if the client has reported none. */
    String socketClass() {
        return socketClass;
    }

    private String name() {
        return id == WarmUp.ID ? "warm-up" : "page " + id;
    }

    private boolean success() {
        return status >= 200 && status < 300;
    }

    private String httpStatus() {
        return status == 0 ? "the HTTP client reports no response" : "HTTP " + status;
    }
}
