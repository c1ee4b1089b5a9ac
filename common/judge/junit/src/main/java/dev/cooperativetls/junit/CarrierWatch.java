package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.CarrierHold;
import dev.cooperativetls.recorder.CarrierRecording;
import dev.cooperativetls.recorder.RecordedHolds;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/** An observer of this JVM's carriers, by one flight recording and the scheduler's own figures. Thread-safe. */
final class CarrierWatch {

    /** The time between samples of native code, which is half of that in {@code carriers.jfc}. */
    private static final Duration TICK = Duration.ofMillis(5);

    /** How long before a test the recording is read, to find threads that already held a carrier. */
    private static final Duration BEFORE = Duration.ofMillis(500);

    /** How long a thread that holds its carrier may stay unseen. */
    private static final Duration UNSEEN = Duration.ofMillis(250);

    /** The waits of which one must be seen before the first test. A busy machine may need the longest. */
    private static final List<Duration> PROOFS =
            List.of(Duration.ofMillis(150), Duration.ofSeconds(1), Duration.ofSeconds(4));

    private final Recording recording;
    private final SchedulerWatch scheduler = new SchedulerWatch();
    private final List<Window> open = new ArrayList<>();

    /** The time of a test. */
    static final class Window {

        private final Instant from = Instant.now();
        private final long firstThread = Thread.ofVirtual().unstarted(() -> {}).threadId();
        private boolean alone = true;

        /**
         * Returns the holds that began in the test. A hold of an older thread may have begun before the test, even if
         * the thread was not seen for a moment.
         */
        private List<CarrierHold> begunIn(List<CarrierHold> holds) {
            Map<String, Instant> goesOnUntil = new HashMap<>();
            List<CarrierHold> begun = new ArrayList<>();
            for (CarrierHold hold : holds.stream().sorted(Comparator.comparing(CarrierHold::from)).toList()) {
                String place = hold.thread() + " " + hold.frame();
                Instant until = goesOnUntil.getOrDefault(place, from).plus(UNSEEN);
                if (hold.from().isBefore(from) || isOlder(hold) && hold.from().isBefore(until)) {
                    goesOnUntil.put(place, hold.from().plus(hold.atLeast()));
                } else {
                    begun.add(hold);
                }
            }
            return begun;
        }

        /** Returns whether this thread began before the test. */
        boolean isOlder(CarrierHold hold) {
            return hold.thread() < firstThread;
        }
    }

    /**
     * The observation of a test.
     *
     * @param holds each time in which a thread held its carrier, the longest first
     * @param shortestCertain how long a wait in native code must last to be certainly seen
     * @param busy when a virtual thread was on a carrier
     * @param unexplained the longest time in which a virtual thread was on a carrier and was seen too rarely
     * @param alone whether no other test was judged at the same time
     * @param recording the flight recording
     */
    record Seen(List<CarrierHold> holds, Duration shortestCertain, List<SchedulerWatch.Moment> busy,
            Duration unexplained, boolean alone, Path recording) implements AutoCloseable {

        /** Returns the greatest number of virtual threads that had to wait for a carrier during a hold. */
        long queued(CarrierHold hold) {
            Instant end = hold.from().plus(hold.atLeast());
            return busy.stream().filter(one -> !one.at().isBefore(hold.from()) && !one.at().isAfter(end))
                    .mapToLong(SchedulerWatch.Moment::queued).max().orElse(0);
        }

        /** Returns whether the carrier may have waited for a CPU for most of that time. */
        boolean mayWaitForCpu(CarrierHold hold) {
            Instant end = hold.from().plus(hold.atLeast());
            Duration delayed = Duration.ZERO;
            SchedulerWatch.Moment last = null;
            for (SchedulerWatch.Moment one : busy) {
                boolean during = !one.at().isBefore(hold.from()) && !one.at().isAfter(end.plus(SchedulerWatch.LATE));
                if (during && last != null && last.since().equals(one.since())) {
                    delayed = delayed.plus(one.delayed().minus(last.delayed()));
                }
                last = one;
            }
            return delayed.multipliedBy(2).compareTo(hold.atLeast()) > 0;
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(recording);
        }
    }

    private CarrierWatch(Recording recording) {
        this.recording = recording;
    }

    /**
     * Starts to observe, and proves that a wait in native code is seen.
     *
     * @throws Blind if it is not seen; the message has the reason
     * @throws InterruptedException if the calling thread is interrupted
     */
    static CarrierWatch start() throws Blind, InterruptedException {
        if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty() || !FlightRecorder.isAvailable()) {
            throw new Blind("this JVM has no Flight Recorder");
        }
        if (ModuleLayer.boot().findModule("jdk.management").isEmpty()) {
            throw new Blind("this JVM has no module jdk.management");
        }
        deepStacks();
        CarrierWatch watch;
        try (var settings = new InputStreamReader(CarrierRecording.settings(), StandardCharsets.UTF_8)) {
            var recording = new Recording(Configuration.create(settings));
            recording.setName("cooperative-tls");
            recording.enable("jdk.NativeMethodSample").withPeriod(TICK);
            recording.start();
            watch = new CarrierWatch(recording);
        } catch (IOException | ParseException | RuntimeException e) {
            throw new Blind("the flight recording does not start: " + e.getMessage());
        }
        try {
            watch.prove();
            return watch;
        } catch (Blind | InterruptedException e) {
            watch.recording.close();
            throw e;
        }
    }

    /** Makes JFR keep 512 frames instead of 64. This has no effect if JFR is already in use. */
    private static void deepStacks() {
        if (!FlightRecorder.isInitialized()) {
            try {
                ManagementFactory.getPlatformMBeanServer().invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"), "jfrConfigure",
                        new Object[] {new String[] {"stackdepth=512"}}, new String[] {String[].class.getName()});
            } catch (JMException _) {
                // Then the detail of a hold reports that its stack was cut off.
            }
        }
    }

    private void prove() throws Blind, InterruptedException {
        for (Duration time : PROOFS) {
            Window window = begin();
            try {
                NativeWait.of(time);
                try (Seen seen = end(window)) {
                    if (seen.holds().stream().anyMatch(hold -> hold.kind() == Kind.NATIVE
                            && hold.frame().equals(NativeWait.FRAME) && !window.isOlder(hold))) {
                        return;
                    }
                }
            } catch (IOException e) {
                throw new Blind("it could not be tried whether a wait in native code is seen: " + e.getMessage());
            } finally {
                forget(window);
            }
        }
        throw new Blind("a virtual thread waited in native code for %s s, and the flight recording does not show it"
                .formatted(PROOFS.getLast().toSeconds()));
    }

    /** Begins a test. */
    synchronized Window begin() {
        var window = new Window();
        open.add(window);
        if (open.size() > 1) {
            open.forEach(one -> one.alone = false);
        }
        recording.setMaxAge(null);
        scheduler.begin();
        return window;
    }

    /**
     * Ends a test, and returns its observation.
     *
     * @throws IOException if the recording cannot be written or read
     */
    Seen end(Window window) throws IOException {
        try {
            return seen(window);
        } finally {
            forget(window);
        }
    }

    synchronized void forget(Window window) {
        if (open.remove(window)) {
            scheduler.end();
        }
        if (open.isEmpty()) {
            recording.setMaxAge(BEFORE); // what is older is of no use to the next test
        }
    }

    /**
     * Returns the observation of a test up to now.
     *
     * @throws IOException if the recording cannot be written or read
     */
    Seen seen(Window window) throws IOException {
        Instant from = window.from.minus(BEFORE);
        Instant to = Instant.now();
        Path file = Files.createTempFile("cooperative-tls-", ".jfr");
        try {
            copy(from, to, file);
            RecordedHolds recorded = CarrierRecording.holds(file, from, scheduler.parallelism());
            List<CarrierHold> holds = window.begunIn(recorded.holds()).stream()
                    .filter(hold -> hold.from().isBefore(to))
                    .sorted(Comparator.comparing(CarrierHold::atLeast).reversed()).toList();
            List<SchedulerWatch.Moment> busy = scheduler.busy(window.from, to);
            return new Seen(holds, recorded.turn().multipliedBy(CarrierHold.SIGHTINGS), busy,
                    unexplained(busy, recorded.sightings()), window.alone, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private void copy(Instant from, Instant to, Path file) throws IOException {
        try (Recording snapshot = FlightRecorder.getFlightRecorder().takeSnapshot();
                InputStream events = snapshot.getStream(from, to)) {
            if (events == null) {
                throw new IOException("the flight recording is empty");
            }
            Files.copy(events, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns the longest time in which carriers had a virtual thread that was seen too rarely: it may be one thread or
     * several. Either the sampler was late, or the thread was at a place for which there is no event.
     */
    static Duration unexplained(List<SchedulerWatch.Moment> busy, Map<Instant, Duration> sightings) {
        var seen = new TreeMap<>(sightings);
        Duration unexplained = Duration.ZERO;
        for (int i = 0; i < busy.size(); i++) {
            SchedulerWatch.Moment end = busy.get(i);
            if (i + 1 < busy.size() && busy.get(i + 1).since().equals(end.since())) {
                continue; // it goes on
            }
            Duration longest = Duration.ZERO;
            List<Instant> cuts = new ArrayList<>(List.of(end.since()));
            for (var one : seen.headMap(end.at(), true).entrySet()) {
                Instant until = one.getKey().plus(one.getValue());
                if (!one.getKey().isBefore(end.since())) {
                    cuts.add(one.getKey());
                }
                if (one.getValue().isPositive() && until.isAfter(end.since())) { // there all the time
                    longest = longer(longest, longestOf(cuts));
                    cuts = new ArrayList<>(List.of(until));
                }
            }
            if (end.at().isAfter(cuts.getLast())) {
                cuts.add(end.at());
            }
            longest = longer(longest, longestOf(cuts));
            unexplained = longer(unexplained, longest.minus(end.delayed())); // it may have waited for a CPU
        }
        return unexplained;
    }

    /** Returns the longest interval with fewer sightings than a hold needs. */
    private static Duration longestOf(List<Instant> cuts) {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < cuts.size(); i++) {
            longest = longer(longest,
                    Duration.between(cuts.get(i), cuts.get(Math.min(i + CarrierHold.SIGHTINGS, cuts.size() - 1))));
        }
        return longest;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
