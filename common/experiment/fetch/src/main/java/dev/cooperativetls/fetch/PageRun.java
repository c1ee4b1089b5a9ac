package dev.cooperativetls.fetch;

import dev.cooperativetls.fetch.Page.Step;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.Closer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One page on its way. It travels in the {@link HttpContext} of its request, so that whoever sees the request can mark
 * how far it has come.
 *
 * <p>Its own thread alone writes; any thread may take a {@link #snapshot} meanwhile, or end it. It is told once, by
 * whoever ends it first: a page that is stuck where nothing can be cut, as in the look-up of a name, is told in time.
 */
final class PageRun implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PageRun.class);
    private static final String ATTRIBUTE = PageRun.class.getName();

    private final int id;
    private final URI uri;
    private final PageClient client;
    private final Stopwatch stopwatch;
    private final Deadlines deadlines;
    private final Consumer<Page> done;

    private final Map<Bound, Future<?>> counting = new EnumMap<>(Bound.class);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<Step, Double> times = Collections.synchronizedMap(new EnumMap<>(Step.class));
    private volatile int status;
    private volatile long bytes;
    private volatile String socketClass;
    private volatile Socket socket;

    PageRun(int id, URI uri, PageClient client, Stopwatch stopwatch, Deadlines deadlines, Consumer<Page> done) {
        this.id = id;
        this.uri = uri;
        this.client = client;
        this.stopwatch = stopwatch;
        this.deadlines = deadlines;
        this.done = done;
    }

    static PageRun of(HttpContext context) {
        return (PageRun) context.getAttribute(ATTRIBUTE);
    }

    /** A context to travel in. Its user token keeps the page's connection its own: no other page is given it. */
    HttpClientContext context() {
        var context = HttpClientContext.create();
        context.setAttribute(ATTRIBUTE, this);
        context.setUserToken(id);
        return context;
    }

    int id() {
        return id;
    }

    @Override
    public void run() {
        mark(Step.START);
        String problem;
        try {
            begin(Bound.PAGE);
            problem = client.get(uri, this);
        } catch (Throwable failed) { // an Error too: a page that is not accounted for would be waited for
            problem = status == 0 || success() ? deadlines.reason(failed) : httpStatus();
            LOG.debug("page {}: {}", id, Reason.oneLine(failed.toString()));
        }
        List.copyOf(counting.keySet()).forEach(this::end);
        if (ended.compareAndSet(false, true)) {
            tell(problem);
        }
    }

    private void tell(String problem) {
        mark(Step.END);
        LOG.debug("page {}: {} after {} s, {} bytes", id, problem == null ? status : problem,
                String.format(Locale.ROOT, "%.2f", times.get(Step.END)), bytes);
        done.accept(snapshot(problem));
    }

    void mark(Step step) {
        times.put(step, stopwatch.elapsedSeconds());
    }

    /** From here on the bound counts, if there is such a bound. */
    void begin(Bound bound) {
        Future<?> deadline = deadlines.set(bound, this::cut);
        if (deadline != null) {
            counting.put(bound, deadline);
        }
    }

    void end(Bound bound) {
        Future<?> deadline = counting.remove(bound);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void cut(String reason) {
        if (ended.compareAndSet(false, true)) {
            hangUp();
            tell(reason);
        }
    }

    /** Ends it without telling, since the run has been told already. */
    void abandon() {
        ended.set(true);
        hangUp();
    }

    /** The plain socket that it is about to connect; with TLS, the one below. */
    void opened(Socket plain) {
        socket = plain;
        if (ended.get()) {
            hangUp();
        }
    }

    /**
     * Wakes its thread from whatever wait on its connection. Ending the streams does that in native code too, where
     * closing would not; the thread then meets the end of the stream, and closes.
     */
    private void hangUp() {
        Socket plain = socket;
        if (plain == null) {
            return;
        }
        try {
            plain.shutdownInput();
            plain.shutdownOutput();
        } catch (IOException unconnected) {
            Closer.closeQuietly(plain);
        }
    }

    void connectedBy(Class<?> socket) {
        socketClass = socket.getName();
    }

    /** Reads the whole response; says why the page is invalid, or null. */
    String receive(ClassicHttpResponse response) throws IOException {
        status = response.getCode();
        var body = new PageBody();
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            try (InputStream in = entity.getContent()) {
                var buffer = new byte[16 * 1024];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    body.append(buffer, count);
                    bytes = body.length();
                }
            }
        }
        if (!success()) {
            return httpStatus();
        }
        List<String> answered = body.pageIds();
        return answered.isEmpty() || answered.contains(Integer.toString(id))
                ? null
                : Reason.oneLine("answered for page " + String.join(", ", answered));
    }

    Page snapshot(String problem) {
        synchronized (times) { // copying a synchronised map needs its lock
            return new Page(id, status, bytes, problem, times, socketClass);
        }
    }

    private boolean success() {
        return status >= 200 && status < 300;
    }

    private String httpStatus() {
        return "HTTP " + status;
    }
}
