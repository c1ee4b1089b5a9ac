package dev.cooperativetls.recorder;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread that was seen at a place.
 *
 * @param how the kind of evidence
 * @param place the name of the place
 * @param lasted how long the thread was there; zero for a sample, which does not show it
 * @param waitsForClass whether the thread waited for another thread that initialised a class
 * @param note a detail of the place, or null
 */
record Sighting(Instant at, long thread, boolean virtual, How how, String place, Duration lasted, Stack stack,
        boolean waitsForClass, String note) {

    enum How {
        /** Sampled in native code. */
        NATIVE,
        /** Sampled in Java code. */
        JAVA,
        /** Parked while pinned. */
        PINNED,
        /** On its carrier, but neither sampled nor parked. */
        UNSAMPLED
    }

    static Sighting sample(Instant at, long thread, boolean virtual, How how, String place, Stack stack) {
        return new Sighting(at, thread, virtual, how, place, Duration.ZERO, stack, false, null);
    }

    /**
     * Returns a sighting of a thread that was parked on its carrier.
     *
     * @param waitsFor the class that another thread initialised while this thread waited for it; null if it did not
     */
    static Sighting pinned(Interval when, long thread, Stack stack, String waitsFor) {
        Stack.Pin pin = stack.pin();
        String place = waitsFor == null ? pin.by() : waitsFor + "." + Frame.CLASS_INITIALISER;
        String note = waitsFor == null ? pin.parkedIn().map(name -> "parked in " + name).orElse(null)
                : "others wait for the class, in " + stack.place();
        return new Sighting(when.from(), thread, true, How.PINNED, place, when.length(), stack,
                waitsFor != null, note);
    }

    boolean isNative() {
        return how == How.NATIVE;
    }

    boolean isSample() {
        return how == How.NATIVE || how == How.JAVA;
    }

    Instant end() {
        return at.plus(lasted);
    }

    boolean isWithin(Interval interval) {
        return new Interval(at, end()).within(interval) != null;
    }

    /** Returns this sighting for an interval, divided into steps. */
    List<Sighting> during(Interval interval, Duration step) {
        List<Sighting> steps = new ArrayList<>();
        for (Instant start = interval.from(); start.isBefore(interval.to()); start = start.plus(step)) {
            Instant end = Interval.earlier(start.plus(step), interval.to());
            steps.add(new Sighting(start, thread, virtual, how, place, Duration.between(start, end), stack,
                    waitsForClass, note));
        }
        return steps;
    }
}
