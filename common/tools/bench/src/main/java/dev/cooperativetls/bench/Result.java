package dev.cooperativetls.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one candidate with one number of pages. If each JVM made several rounds, only the cold overhead uses
 * the first round of each JVM.
 *
 * @param overheadSeconds the elapsed time of a round, minus the delay
 * @param coldOverheadSeconds the same for the first round of each JVM
 * @param cpuSecondsPerPage the CPU time of the client's process
 * @param allocatedBytesPerPage the bytes that the client's process allocated
 * @param overheadToStage00 the median overhead divided by that of stage-00
 * @param cpuToStage00 the median CPU time divided by that of stage-00; null if CPU time is too coarse for a ratio
 * @param waiting the footprint while all pages wait; null if it was not measured
 */
record Result(Candidate candidate, int pages, Sample overheadSeconds, Sample coldOverheadSeconds,
        Sample cpuSecondsPerPage, Sample allocatedBytesPerPage, double overheadToStage00, Double cpuToStage00,
        Footprint.Waiting waiting) {

    /** With fewer pages, the CPU time and memory of one page are less than the error of the measurement. */
    static final int LEAST_PAGES_FOR_SHARES = 100;

    /**
     * Computes the figures.
     *
     * @param jvms the rounds of each JVM
     * @param waiting the footprint while all pages wait; null if it was not measured
     * @param stage00 the result of stage-00 with the same number of pages; null if this is that result
     */
    static Result of(Candidate candidate, int pages, double delaySeconds, List<List<Round>> jvms,
            Footprint.Waiting waiting, Result stage00) {
        var cold = jvms.stream().map(List::getFirst).toList();
        var warm = jvms.stream().flatMap(rounds -> rounds.stream().skip(rounds.size() > 1 ? 1 : 0)).toList();
        Sample overhead = sample(warm, round -> round.elapsedSeconds() - delaySeconds);
        Sample cpu = sample(warm, round -> round.cpuSeconds() / pages);
        return new Result(candidate, pages, overhead, sample(cold, round -> round.elapsedSeconds() - delaySeconds), cpu,
                sample(warm, round -> (double) round.allocatedBytes() / pages),
                stage00 == null ? 1 : overhead.median() / stage00.overheadSeconds.median(),
                pages < LEAST_PAGES_FOR_SHARES ? null
                        : stage00 == null ? 1 : cpu.median() / stage00.cpuSecondsPerPage.median(),
                waiting);
    }

    private static Sample sample(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Sample.of(rounds.stream().map(figure::applyAsDouble).toList());
    }
}
