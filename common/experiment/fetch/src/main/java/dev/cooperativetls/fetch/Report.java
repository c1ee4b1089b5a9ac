package dev.cooperativetls.fetch;

import dev.cooperativetls.recorder.Readings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Tells what happens, as it happens. One thread alone calls it. */
interface Report {

    void start(Instant time);

    /** A page has ended, or the run has without it. */
    void page(Page page);

    void end(End end);

    /** What the instruments read, after the end. */
    void readings(Readings readings, End end);

    /**
     * The end of the run.
     *
     * @param started when START was
     * @param elapsed seconds from START
     * @param cpu     the processor time that this process took from START; zero where the system does not tell
     * @param pages   every page, in the order of the ids
     * @param interrupted whether Ctrl-C ended the run
     */
    record End(Instant started, double elapsed, Duration cpu, List<Page> pages, boolean timedOut,
            boolean interrupted) {

        List<Page> invalid() {
            return pages.stream().filter(page -> !page.valid()).toList();
        }

        int valid() {
            return pages.size() - invalid().size();
        }

        /** The class of the sockets; null if there was none, and all of them in the odd case that they differ. */
        String socketClass() {
            String classes = pages.stream().map(Page::socketClass).filter(Objects::nonNull).distinct().sorted()
                    .collect(Collectors.joining(", "));
            return classes.isEmpty() ? null : classes;
        }
    }
}
