package dev.cooperativetls.recorder;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a recording, which decide what it can show. If a setting changed, its last value counts.
 *
 * @param nativePeriod the time between samples of native code; empty if it was not sampled
 * @param javaPeriod the time between samples of Java code; empty if it was not sampled
 * @param pinnedThreshold how long a pinned park must last to be recorded; empty if none was recorded
 * @param parkThreshold how long a carrier must have no work for this to be recorded; empty if it was not recorded
 * @param dumpPeriod the time between thread dumps; empty if there were none, or at most one per chunk
 * @param cpuPeriod the time between measurements of the threads' CPU time; empty if there were none
 */
public record Sight(Optional<Duration> nativePeriod, Optional<Duration> javaPeriod, Optional<Duration> pinnedThreshold,
        Optional<Duration> parkThreshold, Optional<Duration> dumpPeriod, Optional<Duration> cpuPeriod) {

    /** The settings that were read so far. */
    static final class Settings {

        private static final Pattern TIME = Pattern.compile("(?<number>\\d+) ?(?<unit>ns|us|ms|s|m|h|d)");
        private final Map<String, String> values = new HashMap<>();

        void set(String event, String name, String value) {
            values.put(event + "#" + name, value);
        }

        Sight sight() {
            return new Sight(time("jdk.NativeMethodSample", "period"), time("jdk.ExecutionSample", "period"),
                    time("jdk.VirtualThreadPinned", "threshold"), time("jdk.ThreadPark", "threshold"),
                    time("jdk.ThreadDump", "period"), time("jdk.ThreadCPULoad", "period"));
        }

        private Optional<Duration> time(String event, String name) {
            Matcher time = TIME.matcher(values.getOrDefault(event + "#" + name, ""));
            if (!"true".equals(values.get(event + "#enabled")) || !time.matches()) {
                return Optional.empty();
            }
            long number = Long.parseLong(time.group("number"));
            return Optional.of(switch (time.group("unit")) {
                case "ns" -> Duration.ofNanos(number);
                case "us" -> Duration.ofNanos(1_000 * number);
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            });
        }
    }
}
