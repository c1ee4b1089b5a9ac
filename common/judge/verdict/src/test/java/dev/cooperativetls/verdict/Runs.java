package dev.cooperativetls.verdict;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Made-up observations for the tests of the verdict. */
final class Runs {

    static final Details NO_DETAILS = new Details(List.of(), Instant.EPOCH, null, null, null, null);

    private Runs() {}

    /** Returns valid pages that wait for one second each, and begin to wait this many seconds apart. */
    static List<Page> pages(int count, double distance) {
        return IntStream.range(0, count).mapToObj(i -> page(i, i * distance, i * distance + 1)).toList();
    }

    static Page page(int id, Double sent, Double firstByte) {
        return new Page(id, 200, 0, null, null, 0.0, 0.0, 0.0, 0.0, sent, firstByte, firstByte);
    }

    static Page invalidPage(int id) {
        return new Page(id, 404, 0, null, "HTTP 404", 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0);
    }

    /** Returns an observation without a server's count, with a delay of one second. */
    static Observation seen(List<Page> pages, double elapsedSeconds, int carriers, CarrierBlock... carrierBlocks) {
        return seen(pages, 1, elapsedSeconds, carriers, carrierBlocks);
    }

    /** Returns an observation without a server's count, on one carrier. */
    static Observation delayed(List<Page> pages, double delaySeconds, double elapsedSeconds,
            CarrierBlock... carrierBlocks) {
        return seen(pages, delaySeconds, elapsedSeconds, 1, carrierBlocks);
    }

    private static Observation seen(List<Page> pages, double delaySeconds, double elapsedSeconds, int carriers,
            CarrierBlock... carrierBlocks) {
        return new Observation(pages.size(), pages, elapsedSeconds, false, OptionalDouble.of(delaySeconds),
                OptionalInt.empty(),
                OptionalDouble.empty(), carriers, "a.Socket", "SunJSSE: JDK", "25", List.of(carrierBlocks), NO_DETAILS);
    }

    /** Returns the same observation of a run that exceeded its timeout. */
    static Observation timedOut(Observation seen) {
        return new Observation(seen.pageCount(), seen.pages(), seen.elapsedSeconds(), true, seen.delaySeconds(),
                seen.serverPeak(), seen.serverMean(), seen.carriers(), seen.socketClass(), seen.provider(), seen.jdk(),
                seen.carrierBlocks(), seen.details());
    }
}
