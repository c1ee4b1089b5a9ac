package dev.cooperativetls.verdict;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What was seen of one run. {@link Verdict} decides from it.
 *
 * @param pageCount how many pages were asked for
 * @param pages those that ended, or were given up, in that order
 * @param elapsedSeconds from the first page's start to the end of the last
 * @param timedOut whether the run was not done within its bound
 * @param delaySeconds how long the server held each request; if that is not known, what the pages waited is taken
 * @param serverPeak how many requests the server held at once at the most; empty if it does not tell
 * @param serverMean how many it held on average while it held any; empty if it does not tell
 * @param carriers how many carrier threads there were
 * @param socketClass the class of the socket under a connection; null if there was none
 * @param provider whose {@code SSLContext} was in force, in words
 * @param jdk the version of the runtime
 * @param carrierBlocks what blocked the carriers, the longest first
 * @param details what else there is to tell
 */
public record Observation(int pageCount, List<Page> pages, double elapsedSeconds, boolean timedOut,
        OptionalDouble delaySeconds, OptionalInt serverPeak, OptionalDouble serverMean, int carriers,
        String socketClass, String provider, String jdk, List<CarrierBlock> carrierBlocks, Details details) {

    public Observation {
        pages = List.copyOf(pages);
        carrierBlocks = List.copyOf(carrierBlocks);
        Objects.requireNonNull(details);
        if (!Double.isFinite(elapsedSeconds)) {
            throw new IllegalArgumentException("no finite time: " + elapsedSeconds);
        }
    }

    /** The same, with what the server counted. */
    public Observation withServer(int peak, double mean) {
        return new Observation(pageCount, pages, elapsedSeconds, timedOut, delaySeconds, OptionalInt.of(peak),
                OptionalDouble.of(mean), carriers, socketClass, provider, jdk, carrierBlocks, details);
    }

    /** Returns the same observation without the trace, which is long. */
    public Observation withoutTrace() {
        return new Observation(pageCount, pages, elapsedSeconds, timedOut, delaySeconds, serverPeak, serverMean,
                carriers, socketClass, provider, jdk, carrierBlocks, new Details(details.program(), details.started(),
                        details.cpuSeconds(), details.jars(), details.profile(), null));
    }

    /** The verdict, or nothing if there is none, see {@link Verdict#of}. */
    public Optional<Verdict> verdict() {
        return Verdict.of(this);
    }

    public int valid() {
        return (int) pages.stream().filter(Page::valid).count();
    }

    public int invalid() {
        return pageCount - valid();
    }

    /** The sum of the waits served, over the elapsed time: how many waits went on at once, on average. */
    public double overlap() {
        double served = pages.stream()
                .filter(Observation::waited)
                .mapToDouble(page -> delaySeconds.orElse(waitSeconds(page)))
                .sum();
        return elapsedSeconds > 0 ? served / elapsedSeconds : 0;
    }

    /** How long the server held a request: as it was told to, or else the median of what the pages waited. */
    public double typicalWaitSeconds() {
        double[] waits = pages.stream().filter(Observation::waited).mapToDouble(Observation::waitSeconds).sorted()
                .toArray();
        return delaySeconds.orElse(waits.length == 0 ? 0 : waits[waits.length / 2]);
    }

    /** How many requests waited at once at the most: as the server counted, or else as the pages' times tell. */
    public int atOnce() {
        return serverPeak.orElseGet(this::clientPeak);
    }

    private int clientPeak() {
        record Step(double time, int change) {}
        List<Step> steps = new ArrayList<>();
        for (Page page : pages) {
            if (waited(page)) {
                steps.add(new Step(page.sent(), 1));
                steps.add(new Step(page.firstByte(), -1));
            }
        }
        // An end goes before a beginning of the same time: those two waits did not overlap.
        steps.sort(Comparator.comparingDouble(Step::time).thenComparingInt(Step::change));
        int now = 0;
        int peak = 0;
        for (Step step : steps) {
            now += step.change;
            peak = Math.max(peak, now);
        }
        return peak;
    }

    /** Returns whether a page both sent its request and was answered. */
    private static boolean waited(Page page) {
        return page.sent() != null && page.firstByte() != null;
    }

    private static double waitSeconds(Page page) {
        return page.firstByte() - page.sent();
    }

    /** Returns what blocked the carriers the longest; nothing if the run is FAST, because then nobody had to wait. */
    public Optional<CarrierBlock> culprit() {
        if (verdict().equals(Optional.of(Verdict.FAST))) {
            return Optional.empty();
        }
        return carrierBlocks.stream().filter(CarrierBlock::worthNaming).findFirst();
    }

    /** All of it in words, on several lines. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        line(text, "verdict", "%s: %s", verdict().map(Verdict::name).orElse("none"), reason());
        line(text, "pages", "%d asked for, %d valid, %d invalid", pageCount, valid(), invalid());
        line(text, "time", "%.3f s; overlap %.2f", elapsedSeconds, overlap());
        delaySeconds.ifPresent(seconds -> line(text, "delay", "%s s", seconds));
        line(text, "at once", "%d as %s", atOnce(), serverPeak.isPresent() ? "the server counted" : "the pages saw it");
        serverMean.ifPresent(mean -> line(text, "server's mean", "%.2f", mean));
        line(text, "carriers", "%d", carriers);
        line(text, "JDK", "%s", jdk);
        line(text, "TLS provider", "%s", provider);
        line(text, "socket class", "%s", socketClass);
        if (carrierBlocks.isEmpty()) {
            line(text, "blocked by", "nobody that was seen");
        }
        for (CarrierBlock block : carrierBlocks) {
            line(text, "blocked by", "%s", block);
        }
        carrierBlocks.stream().findFirst().ifPresent(
                block -> block.stack().forEach(frame -> text.append("        at ").append(frame).append('\n')));
        for (Page page : pages) {
            line(text, "page " + page.page(), "start %s, sent %s, first byte %s, end %s, status %d%s",
                    seconds(page.start()), seconds(page.sent()), seconds(page.firstByte()), seconds(page.end()),
                    page.status(), page.valid() ? "" : ", invalid: " + page.problem());
        }
        return text.toString();
    }

    /** Why the verdict is what it is, in a few words. */
    public String reason() {
        return verdict().map(verdict -> switch (verdict) {
            case FAST, PARTIAL -> "%s of %s waits at once".formatted(atOnce(), pageCount);
            case SLOW -> carriers == 1 ? "one wait at a time" : "%s waits at a time on %s carriers"
                    .formatted(atOnce(), carriers);
            case HUNG -> "%s of %s pages not done within the bound".formatted(invalid(), pageCount);
        }).orElseGet(this::whyNone);
    }

    private String whyNone() {
        if (invalid() > 0) {
            return "%s of %s pages invalid".formatted(invalid(), pageCount);
        }
        return atOnce() == 0 ? "no wait was seen"
                : "to tell, there must be more pages than carriers, not %s on %s".formatted(pageCount, carriers);
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "  %-16s", name))
                .append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String seconds(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
