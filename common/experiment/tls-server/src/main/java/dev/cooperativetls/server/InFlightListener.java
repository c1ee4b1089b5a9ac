package dev.cooperativetls.server;

import wiremock.org.eclipse.jetty.server.HttpChannel;
import wiremock.org.eclipse.jetty.server.Request;

/** Counts a {@code /delay} request from when Jetty has it until Jetty is about to send the first byte of the answer. */
final class InFlightListener implements HttpChannel.Listener {

    private static final String COUNTED = InFlightListener.class.getName();

    private final InFlightCounters counters;

    InFlightListener(InFlightCounters counters) {
        this.counters = counters;
    }

    @Override
    public void onRequestBegin(Request request) {
        if (Delay.ofPath(request.getRequestURI()).isPresent()) {
            request.setAttribute(COUNTED, counters.begin(request.getQueryString()));
        }
    }

    /** Jetty calls this before it commits, so a client cannot send its next request while this one still counts. */
    @Override
    public void onResponseBegin(Request request) {
        boolean interim = request.getHttpChannel().getCommittedMetaData().getStatus() < 200;
        if (!interim) {
            end(request);
        }
    }

    @Override
    public void onResponseFailure(Request request, Throwable failure) {
        end(request);
    }

    @Override
    public void onComplete(Request request) {
        end(request);
    }

    private static void end(Request request) {
        if (request.getAttribute(COUNTED) instanceof Runnable end) {
            end.run();
        }
    }
}
