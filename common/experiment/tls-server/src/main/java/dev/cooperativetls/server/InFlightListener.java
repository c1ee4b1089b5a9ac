package dev.cooperativetls.server;

import wiremock.org.eclipse.jetty.server.HttpChannel;
import wiremock.org.eclipse.jetty.server.Request;

/** A Jetty listener that counts a {@code /delay} request from its arrival until just before its answer begins. */
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

    /** Ends the request. Jetty calls this before the answer, so the client's next request cannot overlap this one. */
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
