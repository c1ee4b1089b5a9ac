package dev.cooperativetls.server;

import dev.cooperativetls.server.HeldCounter.Hold;
import wiremock.org.eclipse.jetty.server.HttpChannel;
import wiremock.org.eclipse.jetty.server.Request;

/** Tells the counter when Jetty has a {@code /delay} request, and when it is about to send the answer's first byte. */
final class HoldListener implements HttpChannel.Listener {

    private static final String HOLD = Hold.class.getName();

    private final HeldCounter counter;

    HoldListener(HeldCounter counter) {
        this.counter = counter;
    }

    @Override
    public void onRequestBegin(Request request) {
        if (Delay.ofPath(request.getRequestURI()).isPresent()) {
            request.setAttribute(HOLD, counter.hold());
        }
    }

    /** Jetty calls this before it commits, so the client cannot send its next request while this one still counts. */
    @Override
    public void onResponseBegin(Request request) {
        boolean interim = request.getHttpChannel().getCommittedMetaData().getStatus() < 200;
        if (!interim) {
            release(request);
        }
    }

    @Override
    public void onResponseFailure(Request request, Throwable failure) {
        release(request);
    }

    @Override
    public void onComplete(Request request) {
        release(request);
    }

    private static void release(Request request) {
        if (request.getAttribute(HOLD) instanceof Hold hold) {
            hold.release();
        }
    }
}
