package dev.cooperativetls.report;

import dev.cooperativetls.events.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A page's time in one phase.
 *
 * @param from when it began, in seconds since the run began
 * @param to when it ended, likewise; later than {@code from}
 */
public record Span(Phase phase, double from, double to) {

    /** Pages in the order in which they began to wait for the server, and those that never did after them. */
    public static final Comparator<Page> BY_WAIT =
            Comparator.comparing(Page::sent, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(Page::end, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparingInt(Page::page);

    /**
     * The phases that a page went through, in order.
     *
     * <p>What lies between two of them, and before the first, is left blank. A phase lasts until the page's thread gets
     * to say that it is over: if another blocks the carrier, a handshake or a wait looks as long as that. A page that
     * failed, or was given up, ends in the last phase that it reached. A phase that took no time is left out.
     */
    public static List<Span> of(Page page) {
        List<Span> spans = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            Double from = begin(page, phase);
            Double to = isLast(page, phase) ? page.end() : end(page, phase);
            if (from != null && to != null && to > from) {
                spans.add(new Span(phase, from, to));
            }
        }
        return List.copyOf(spans);
    }

    private static Double begin(Page page, Phase phase) {
        return switch (phase) {
            case CONNECT -> page.connectStart();
            // Over plain HTTP nothing is between the connection and the request.
            case HANDSHAKE -> page.handshaken() == null && page.sent() != null ? null : page.connected();
            case WAITING -> page.sent();
            case READING -> page.firstByte();
        };
    }

    private static Double end(Page page, Phase phase) {
        return switch (phase) {
            case CONNECT -> page.connected();
            case HANDSHAKE -> page.handshaken();
            case WAITING -> page.firstByte();
            case READING -> page.end();
        };
    }

    private static boolean isLast(Page page, Phase phase) {
        for (int later = phase.ordinal() + 1; later < Phase.values().length; later++) {
            if (begin(page, Phase.values()[later]) != null) {
                return false;
            }
        }
        return true;
    }
}
