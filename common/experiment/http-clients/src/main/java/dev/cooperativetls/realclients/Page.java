package dev.cooperativetls.realclients;

import dev.cooperativetls.realclients.Client.Answer;
import dev.cooperativetls.realclients.Client.Marks;
import dev.cooperativetls.realclients.Client.Request;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** One page on its way. Its own thread writes, or one of the client's; any may read. */
final class Page implements Runnable, Marks {

    private final int id;
    private final URI uri;
    private final Client client;
    private final DoubleSupplier clock;
    private final Consumer<Page> done;

    private volatile int status;
    private volatile String problem = "not done";
    private volatile Double start;
    private volatile Double sent;
    private volatile Double firstByte;
    private volatile Double end;

    /** @param clock tells the seconds since the run began */
    Page(int id, URI uri, Client client, DoubleSupplier clock, Consumer<Page> done) {
        this.id = id;
        this.uri = uri;
        this.client = client;
        this.clock = clock;
        this.done = done;
    }

    @Override
    public void run() {
        start = clock.getAsDouble();
        try {
            Answer answer = client.send(Request.get(uri), this);
            status = answer.status();
            problem = status == 200 ? null : "HTTP " + status;
        } catch (Throwable failed) { // an Error too: a page that is not accounted for would be waited for
            problem = failed.toString();
        }
        end = clock.getAsDouble();
        done.accept(this);
    }

    @Override
    public void sent() {
        sent = clock.getAsDouble();
    }

    @Override
    public void firstByte() {
        firstByte = clock.getAsDouble();
    }

    boolean valid() {
        return problem == null;
    }

    /** What there is to tell of it, in the words of the judge's events. */
    Event event() {
        return new Event("page", id, status, problem, start, sent, firstByte, end);
    }

    /** A page as JSON has it. */
    record Event(String event, int page, int status, String problem, Double start, Double sent, Double firstByte,
            Double end) {}
}
