package dev.cooperativetls.verdict;

import dev.cooperativetls.events.Page;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Everything that was observed of one run. {@link #verdict()} decides from it. Immutable.
 *
 * <pre>{@code
 * Observation seen = Observer.ofJar(jar).arguments("--url", url).observe().withServer(peak, mean);
 * seen.verdict();   // Optional[SLOW]
 * seen.culprit();   // Optional[a.Poll.poll (native, 95 %)]
 * seen.remarks();   // what else a reader should know
 * }</pre>
 *
 * @param pageCount the number of requested pages
 * @param pages the pages that ended or were aborted, in the order of their ends
 * @param elapsedSeconds the time from the first page's start to the last page's end, in seconds
 * @param timedOut whether the run exceeded its timeout
 * @param delaySeconds the delay of the server, in seconds; if empty, the waits of the pages are used
 * @param serverPeak the greatest number of in-flight requests; empty if no server counted
 * @param serverMean the average number of in-flight requests while there was any; empty if no server counted
 * @param carriers the number of carrier threads
 * @param socketClass the class of the socket under a connection; null if there was none
 * @param provider the provider of the {@code SSLContext}, in words; null if the program did not report it
 * @param jdk the version of the program's JDK; null if the program did not report it
 * @param carrierBlocks the places that blocked the carriers, the largest share first
 * @param details facts that play no part in the verdict
 */
public record Observation(int pageCount, List<Page> pages, double elapsedSeconds, boolean timedOut,
        OptionalDouble delaySeconds, OptionalInt serverPeak, OptionalDouble serverMean, int carriers,
        String socketClass, String provider, String jdk, List<CarrierBlock> carrierBlocks, Details details) {

    /** If carriers were blocked for this share of a FAST run, there is a remark. */
    private static final double BLOCKED_BESIDES = 0.5;

    /** If a run hangs because of blocked carriers, they are blocked for at least this share of its end. */
    private static final double HUNG_BLOCKED = 0.75;

    public Observation {
        pages = List.copyOf(pages);
        carrierBlocks = List.copyOf(carrierBlocks);
        Objects.requireNonNull(details);
        if (!Double.isFinite(elapsedSeconds)) {
            throw new IllegalArgumentException("no finite time: " + elapsedSeconds);
        }
    }

    /**
     * Returns the same observation with the count of the server.
     *
     * @param peak the greatest number of in-flight requests
     * @param mean the average number of in-flight requests while there was any
     */
    public Observation withServer(int peak, double mean) {
        return new Observation(pageCount, pages, elapsedSeconds, timedOut, delaySeconds, OptionalInt.of(peak),
                OptionalDouble.of(mean), carriers, socketClass, provider, jdk, carrierBlocks, details);
    }

    /**
     * Returns the same observation without its long parts: the trace, and the stacks of blocks that are not worth
     * naming and are not the culprit.
     *
     * @param word maps each word of the program's command line to the word that is saved
     */
    public Observation toBeSaved(UnaryOperator<String> word) {
        List<String> accused = culprit().map(CarrierBlock::stack).orElse(List.of());
        List<CarrierBlock> blocks = carrierBlocks.stream()
                .map(block -> block.worthNaming() || block.stack().equals(accused) ? block : block.withoutStack())
                .toList();
        return new Observation(pageCount, pages, elapsedSeconds, timedOut, delaySeconds, serverPeak, serverMean,
                carriers, socketClass, provider, jdk, blocks, new Details(
                        details.program().stream().map(word).toList(), details.started(), details.cpuSeconds(),
                        details.jars(), details.profile(), null));
    }

    /**
     * Decides whether the waits overlapped.
     *
     * @return the verdict; empty if the evidence does not suffice or contradicts itself, and {@link #reason()} has why
     */
    public Optional<Verdict> verdict() {
        return Judgement.of(this).verdict();
    }

    /** Returns the number of valid pages. */
    public int valid() {
        return (int) pages.stream().filter(Page::valid).count();
    }

    /** Returns the number of requested pages that failed or never ended. */
    public int invalid() {
        return pageCount - valid();
    }

    /** Returns the problem of the first invalid page; empty if no page that was seen is invalid. */
    public Optional<String> firstProblem() {
        return pages.stream().filter(page -> !page.valid()).findFirst().map(Page::problem);
    }

    /** Returns the average number of waits at the same time: the sum of the waits divided by the elapsed time. */
    public double overlap() {
        double sum = delaySeconds.isEmpty() ? waits().mapToDouble(Wait::seconds).sum()
                : delaySeconds.getAsDouble() * (serverPeak.isPresent() ? valid() : waits().count());
        return elapsedSeconds > 0 ? sum / elapsedSeconds : 0;
    }

    /** Returns the delay of the server in seconds; if it is not known, the median of the pages' waits. */
    public double typicalWaitSeconds() {
        return delaySeconds.orElseGet(() -> reportedWaitSeconds().orElse(0));
    }

    /** Returns the delay of the server in seconds; if it is not known, the shortest wait of a page. */
    double shortestWaitSeconds() {
        return delaySeconds.orElse(waits().mapToDouble(Wait::seconds).min().orElse(0));
    }

    /** Returns when the first wait began, in seconds since the start; 0 if no page reports that. */
    double firstWaitSeconds() {
        return waits().mapToDouble(Wait::from).min().orElse(0);
    }

    /**
     * Returns the time in seconds that all pages together need to reach their waits. It is the number of pages times
     * the median time for one page. A page can continue when another page begins to wait or is answered, and its time
     * lasts until it begins to wait itself. If the pages do not report that, the result is the CPU time per carrier.
     */
    double reachSeconds() {
        List<Wait> inOrder = waits().sorted(Comparator.comparingDouble(Wait::from)).toList();
        if (inOrder.size() < 2) {
            return details.cpuSeconds() == null ? 0 : details.cpuSeconds() / carriers;
        }
        double[] answers = waits().mapToDouble(Wait::to).sorted().toArray();
        double[] gaps = new double[inOrder.size() - 1];
        double answered = 0; // the latest answer before the next wait
        int next = 0;
        for (int i = 0; i < gaps.length; i++) {
            double sent = inOrder.get(i + 1).from;
            while (next < answers.length && answers[next] <= sent) {
                answered = answers[next++];
            }
            gaps[i] = sent - Math.max(inOrder.get(i).from, answered);
        }
        Arrays.sort(gaps);
        return pageCount * gaps[gaps.length / 2];
    }

    /** Returns the greatest number of waits at the same time: the server's peak, or else that of the pages' times. */
    public int atOnce() {
        return serverPeak.orElseGet(this::clientPeak);
    }

    private int clientPeak() {
        record Step(double time, int change) {}
        List<Step> steps = new ArrayList<>();
        waits().forEach(wait -> {
            steps.add(new Step(wait.from, 1));
            steps.add(new Step(wait.to, -1));
        });
        // An end comes before a beginning at the same time, because two such waits do not overlap.
        steps.sort(Comparator.comparingDouble(Step::time).thenComparingInt(Step::change));
        int now = 0;
        int peak = 0;
        for (Step step : steps) {
            now += step.change;
            peak = Math.max(peak, now);
        }
        return peak;
    }

    private record Wait(double from, double to) {

        double seconds() {
            return to - from;
        }
    }

    /**
     * Returns the waits of the pages that report one. A page waits until its answer begins. If the answers begin at
     * once and take their time to end, as with server-sent events, a page waits until its answer ends.
     */
    private Stream<Wait> waits() {
        boolean forTheEnd = untilTheEnd();
        return answered().filter(page -> !forTheEnd || page.end() != null)
                .map(page -> new Wait(page.sent(), forTheEnd ? page.end() : page.firstByte()));
    }

    private Stream<Page> answered() {
        return pages.stream().filter(page -> page.sent() != null && page.firstByte() != null);
    }

    /** Compares the shortest times, because a page may have to wait for a carrier before it can read its answer. */
    private boolean untilTheEnd() {
        double untilBegin = answered().mapToDouble(page -> page.firstByte() - page.sent()).min().orElse(0);
        double untilEnd = answered().filter(page -> page.end() != null)
                .mapToDouble(page -> page.end() - page.firstByte()).min().orElse(0);
        return untilEnd > 2 * untilBegin;
    }

    /** Returns the median of the waits that the pages report, in seconds; empty if they report none. */
    OptionalDouble reportedWaitSeconds() {
        double[] sorted = waits().mapToDouble(Wait::seconds).sorted().toArray();
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[sorted.length / 2]);
    }

    /**
     * Returns the time in seconds in which pages read and processed their answers. Carriers that were busy then were
     * not busy during the waits.
     */
    double afterTheWaitsSeconds() {
        return untilTheEnd() ? 0 : answered().filter(page -> page.end() != null)
                .mapToDouble(page -> page.end() - page.firstByte()).sum();
    }

    /** Returns the share of the carriers' time in which threads waited and blocked them, 0 to 1. */
    double blockedShare() {
        return share(block -> block.kind() == Kind.NATIVE || block.kind() == Kind.PINNED);
    }

    /** Returns the share of the carriers' time in which threads blocked them in any way, 0 to 1. */
    double busyShare() {
        return share(_ -> true);
    }

    private double share(Predicate<CarrierBlock> counted) {
        return Math.min(1, carrierBlocks.stream().filter(block -> !block.compensated()).filter(counted)
                .mapToDouble(CarrierBlock::share).sum());
    }

    /**
     * Returns the culprit: the method that blocked the carriers the longest while other threads had to wait. If no
     * place alone cost a tenth of the time, all places of one kind together are the culprit.
     *
     * @return the culprit; empty if the run is FAST or has no verdict, or if all blocks together do not explain at
     *     least half of the time that was lost
     */
    public Optional<CarrierBlock> culprit() {
        Optional<Verdict> verdict = verdict();
        if (verdict.isEmpty() || verdict.get() == Verdict.FAST) {
            return Optional.empty();
        }
        List<CarrierBlock> costly = carrierBlocks.stream().filter(block -> !block.compensated()).toList();
        double least = verdict.get() == Verdict.HUNG ? HUNG_BLOCKED
                : (elapsedSeconds - typicalWaitSeconds()) / elapsedSeconds / 2; // half of the time that was lost
        if (costly.stream().mapToDouble(CarrierBlock::costlyShare).sum() < least) {
            return Optional.empty();
        }
        return costly.stream().filter(CarrierBlock::worthNaming).findFirst()
                .or(() -> Arrays.stream(Kind.values()).map(kind -> together(kind, costly)).filter(Objects::nonNull)
                        .filter(CarrierBlock::worthNaming)
                        .max(Comparator.comparingDouble(CarrierBlock::costlyShare)));
    }

    /** Returns all blocks of a kind as one; null if there is none. */
    private static CarrierBlock together(Kind kind, List<CarrierBlock> blocks) {
        List<CarrierBlock> all = blocks.stream().filter(block -> block.kind() == kind).toList();
        return all.isEmpty() ? null : new CarrierBlock("%s methods".formatted(all.size()), kind,
                Math.min(1, all.stream().mapToDouble(CarrierBlock::share).sum()),
                Math.min(1, all.stream().mapToDouble(CarrierBlock::costlyShare).sum()),
                all.stream().mapToDouble(CarrierBlock::longestSeconds).max().orElseThrow(),
                all.stream().mapToInt(CarrierBlock::samples).sum(), false,
                "the longest " + all.getFirst().frame(), all.getFirst().stack());
    }

    /** Returns what a reader should know in addition to the verdict, one line per remark. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        Optional<Verdict> verdict = verdict();
        if (verdict.isPresent() && verdict.get() != Verdict.FAST && culprit().isEmpty()) {
            remarks.add("no method was seen to block the carriers for long: look for a lock, a pool or a limit in"
                    + " the client, or in the server");
        }
        if (verdict.equals(Optional.of(Verdict.FAST)) && blockedShare() >= BLOCKED_BESIDES) {
            remarks.add(String.format(Locale.ROOT, "although the waits overlapped, carriers were blocked for %.0f %%"
                    + " of the run%s", 100 * blockedShare(), carrierBlocks.stream()
                            .filter(block -> block.kind() == Kind.NATIVE || block.kind() == Kind.PINNED)
                            .filter(CarrierBlock::worthNaming).findFirst()
                            .map(block -> ", mostly by " + block).orElse("")));
        }
        if (!verdict.equals(Optional.of(Verdict.SLOW))) {
            double last = pages.stream().filter(page -> page.sent() != null).mapToDouble(Page::sent).max().orElse(0);
            if (last > Math.max(elapsedSeconds / 2, typicalWaitSeconds() / 2)) {
                remarks.add(String.format(Locale.ROOT, "the last request was sent after %.1f s of %.1f s: until then"
                        + " pages were delayed before their requests%s", last, elapsedSeconds,
                        longestPhase().map(phase -> ", mostly in " + phase).orElse("")));
            }
        }
        if (verdict.equals(Optional.of(Verdict.HUNG)) && culprit().filter(this::waitsForAPoller).isPresent()) {
            remarks.add("a pinned wait for a socket needs the JDK's pollers, which are virtual threads: if the program"
                    + " ends with -Djdk.pollerMode=1, they had no carrier");
        }
        return remarks;
    }

    private boolean waitsForAPoller(CarrierBlock block) {
        return block.kind() == Kind.PINNED
                && block.stack().stream().anyMatch(frame -> frame.startsWith("sun.nio.ch.Poller.poll"));
    }

    /** Returns the longest of the phases; empty if the pages report none. */
    private Optional<String> longestPhase() {
        return Stream.of(
                Map.entry("name look-up or pool", phase(Page::start, Page::connectStart)),
                Map.entry("connect", phase(Page::connectStart, Page::connected)),
                Map.entry("handshake", phase(Page::connected, Page::handshaken)),
                Map.entry("the request", phase(Page::handshaken, Page::sent)))
                .filter(phase -> phase.getValue() > 0).max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private double phase(Function<Page, Double> from, Function<Page, Double> to) {
        return pages.stream().filter(page -> from.apply(page) != null && to.apply(page) != null)
                .mapToDouble(page -> to.apply(page) - from.apply(page)).sum();
    }

    /** Returns the whole observation as text of several lines. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        line(text, "verdict", "%s: %s", verdict().map(Verdict::name).orElse("none"), reason());
        remarks().forEach(remark -> line(text, "remark", "%s", remark));
        line(text, "pages", "%d requested, %d valid, %d invalid", pageCount, valid(), invalid());
        line(text, "time", "%.3f s; overlap %.2f", elapsedSeconds, overlap());
        delaySeconds.ifPresent(seconds -> line(text, "delay", "%s s", seconds));
        line(text, "at once", "%d by the %s", atOnce(), serverPeak.isPresent() ? "server's count" : "pages' times");
        serverMean.ifPresent(mean -> line(text, "server's mean", "%.2f", mean));
        line(text, "carriers", "%d", carriers);
        line(text, "JDK", "%s", jdk);
        line(text, "TLS provider", "%s", provider);
        line(text, "socket class", "%s", socketClass);
        if (carrierBlocks.isEmpty()) {
            line(text, "blocked by", "no method that was seen");
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

    /** Returns the reason for the verdict, or the reason why there is none, in one line. */
    public String reason() {
        return Judgement.of(this).reason();
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "  %-16s", name))
                .append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String seconds(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
