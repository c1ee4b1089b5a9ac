package dev.cooperativetls.bench;

import dev.cooperativetls.bench.Client.Round;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of a contestant with so many pages at once.
 *
 * @param overhead seconds that a round took beside the delay, in the rounds after a JVM's first; if there were none, in
 *     the first
 * @param coldOverhead the same, in the first rounds
 * @param cpuPerPage seconds of the client's process, in the same rounds as the overhead
 * @param allocatedPerPage bytes, in the same rounds
 * @param memory null if it was not asked for
 */
record Result(Contestant contestant, int pages, Sample overhead, Sample coldOverhead, Sample cpuPerPage,
        Sample allocatedPerPage, Memory memory) {

    /** @param jvms the rounds of each JVM */
    static Result of(Contestant contestant, int pages, double delaySeconds, List<List<Round>> jvms, Memory memory) {
        List<Round> cold = jvms.stream().map(List::getFirst).toList();
        List<Round> warm = jvms.stream().flatMap(rounds -> rounds.stream().skip(rounds.size() > 1 ? 1 : 0)).toList();
        return new Result(contestant, pages, overhead(warm, delaySeconds), overhead(cold, delaySeconds),
                perPage(warm, pages, Round::cpuSeconds), perPage(warm, pages, Round::allocatedBytes), memory);
    }

    private static Sample perPage(List<Round> rounds, int pages, ToDoubleFunction<Round> figure) {
        return Sample.of(rounds.stream().map(round -> figure.applyAsDouble(round) / pages).toList());
    }

    private static Sample overhead(List<Round> rounds, double delaySeconds) {
        return Sample.of(rounds.stream().map(round -> round.elapsedSeconds() - delaySeconds).toList());
    }
}
