package dev.cooperativetls.report;

import dev.cooperativetls.events.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The time of a page in one phase.
 *
 * @param from the start of the phase, in seconds since the start of the run
 * @param to the end of the phase, in seconds since the start of the run; later than {@code from}
 */
public record Span(Phase phase, double from, double to) {

    /** The order in which pages began to wait for the server. Pages that never waited come last. */
    public static final Comparator<Page> BY_WAIT =
            Comparator.comparing(Page::sent, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(Page::end, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparingInt(Page::page);

    /**
     * Returns the phases of a page, in order. A phase without duration is left out.
     *
     * <p>There may be gaps between two phases and before the first. A phase lasts until the page's thread reports its
     * end. If another thread blocks the carrier, the report comes late, and the phase looks longer. A page that failed
     * or was aborted ends in the last phase that it reached.
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
            // Over plain HTTP there is no phase between the connection and the request.
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
