package dev.cooperativetls.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Counters of in-flight requests, one for all runs together and one for each run. Thread-safe. */
final class InFlightCounters {

    private static final String ARGUMENT = "run=";

    private final LongSupplier nanoClock;
    private final InFlightCounter all;
    private final Map<String, InFlightCounter> runs = new ConcurrentHashMap<>();

    InFlightCounters(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.all = new InFlightCounter(nanoClock);
    }

    /**
     * Counts one more request until the caller runs the returned action.
     *
     * @param query the query of its URL, still encoded; null if there is none
     */
    Runnable begin(String query) {
        InFlightCounter.Counted counted = all.begin();
        Optional<InFlightCounter.Counted> ofItsRun = run(query).map(
                run -> runs.computeIfAbsent(run, _ -> new InFlightCounter(nanoClock)).begin());
        return () -> {
            counted.end();
            ofItsRun.ifPresent(InFlightCounter.Counted::end);
        };
    }

    InFlightRequests inFlight() {
        return all.inFlight();
    }

    /** Returns the counts of a run; all are zero if none of its requests has arrived. */
    InFlightRequests inFlight(String run) {
        InFlightCounter counter = runs.get(run);
        return counter == null ? new InFlightRequests(0, 0, 0, 0) : counter.inFlight();
    }

    /** Returns the name of the run in a query, without decoding it. */
    private static Optional<String> run(String query) {
        return query == null ? Optional.empty() : Stream.of(query.split("&"))
                .filter(argument -> argument.startsWith(ARGUMENT)).findFirst()
                .map(argument -> argument.substring(ARGUMENT.length()));
    }
}
