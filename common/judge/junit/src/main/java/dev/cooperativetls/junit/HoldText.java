package dev.cooperativetls.junit;

import dev.cooperativetls.junit.CarrierWatch.Seen;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.CarrierHold;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The texts about holds of carriers. */
final class HoldText {

    private static final int MOST = 5;
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private HoldText() {}

    /**
     * Returns the failure message of a test in which threads held carriers.
     *
     * @param holds the longest first
     * @param older whether the thread of the longest hold began before the test
     */
    static String held(String test, Rule rule, List<CarrierHold> holds, Seen seen, boolean older) {
        CarrierHold hold = holds.getFirst();
        List<CarrierHold> there = places(holds).values().iterator().next();
        long queued = there.stream().mapToLong(seen::queued).max().orElseThrow();
        String text = "%s: a virtual thread held its carrier for at least %s %s, in %s%s (threshold %s)%n".formatted(
                test, time(hold.atLeast()), how(hold.kind()), hold.frame(),
                hold.detail() == null ? "" : ", " + hold.detail(), time(rule.threshold()));
        text += "  Threads held their carriers there %s. At these times %s had to wait for a carrier.%n".formatted(
                times(there.size()), switch ((int) queued) {
                    case 0 -> "no virtual thread";
                    case 1 -> "up to one virtual thread";
                    default -> "up to " + queued + " virtual threads";
                });
        String innermost = hold.stack().stream().findFirst().filter(StackTraceElement::isNativeMethod)
                .map(frame -> frame.getClassName() + "." + frame.getMethodName()).orElse(hold.frame());
        text += hold.kind() != Kind.NATIVE || innermost.equals(hold.frame()) ? ""
                : "  There it called %s.%n".formatted(innermost);
        text += older ? "  This thread began before the test.%n".formatted() : "";
        text += hold.kind() == Kind.NATIVE
                ? "  No jdk.VirtualThreadPinned event reports this: the thread never parked.%n".formatted() : "";
        text += all(seen.holds());
        return text + ("  Wait where a virtual thread can park, or use a platform thread."
                + " If this is intended, allow it:%n    @ShouldNotHoldCarrier(allow = \"%s\")%n")
                        .formatted(Methods.word(hold.frame()))
                + sight(rule, seen);
    }

    /** Returns the failure message of a test in which a thread should have held its carrier. */
    static String notHeld(String test, Rule rule, Seen seen) {
        return "%s: no virtual thread held its carrier for %s%s (%s)%n".formatted(test, time(rule.threshold()),
                rule.wanted().isEmpty() ? "" : " in " + String.join(" or ", rule.wanted().patterns()),
                rule.kinds().stream().map(Kind::word).collect(Collectors.joining(" or ")))
                + all(seen.holds())
                + "  If the fault is fixed, replace @ShouldHoldCarrier by @ShouldNotHoldCarrier.%n".formatted()
                + sight(rule, seen);
    }

    /** A kind of hold, and its method. */
    record Place(Kind kind, String frame) {}

    /** Returns the holds of each place, in the same order. */
    static Map<Place, List<CarrierHold>> places(List<CarrierHold> holds) {
        return holds.stream().collect(Collectors.groupingBy(
                hold -> new Place(hold.kind(), hold.frame()), LinkedHashMap::new, Collectors.toList()));
    }

    /** Returns the places that held carriers, one line per place. */
    static String all(List<CarrierHold> holds) {
        Map<Place, List<CarrierHold>> places = places(
                holds.stream().filter(hold -> hold.atLeast().compareTo(SHORTEST) >= 0).toList());
        return places.isEmpty() ? "  Nothing was seen to hold a carrier.%n".formatted()
                : "  Held carriers, the longest first:%n".formatted() + places.entrySet().stream().limit(MOST)
                        .map(place -> "    %8s  %-9s  %s%s%s%n".formatted(time(place.getValue().getFirst().atLeast()),
                                place.getKey().kind().word(), place.getKey().frame(), place.getValue().size() == 1 ? ""
                                        : ", " + times(place.getValue().size()),
                                place.getValue().getFirst().inTheJvm() ? ", work of the JVM" : ""))
                        .collect(Collectors.joining())
                + (places.size() > MOST ? "    and %s more%n".formatted(places.size() - MOST) : "");
    }

    /** Returns a line with the length of waits that can be missed; empty if it does not exceed the threshold. */
    static String sight(Rule rule, Seen seen) {
        return seen.shortestCertain().compareTo(rule.threshold()) <= 0 || !rule.kinds().contains(Kind.NATIVE) ? ""
                : "  Waits in native code under %s can be missed: %s.%n".formatted(
                        time(seen.shortestCertain()), "the JVM samples its threads in native code one after another");
    }

    private static String how(Kind kind) {
        return switch (kind) {
            case NATIVE -> "in native code";
            case PINNED -> "while parked and pinned";
            case COMPUTING -> "computing";
            case UNSEEN -> throw new IllegalArgumentException("no hold is unseen");
        };
    }

    static String time(Duration time) {
        return time.toMillis() < 10_000 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }

    private static String times(int number) {
        return number == 1 ? "once" : number + " times";
    }
}
