package dev.cooperativetls.recorder;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a recording can tell, by its own settings. A setting that was changed in between counts as it was last.
 *
 * @param nativePeriod how often a thread in native code was sampled; empty if none was
 * @param javaPeriod how often the threads that run Java code were sampled; empty if they were not
 * @param pinnedThreshold how long a pinned park had to last to be recorded; empty if none was
 * @param parkThreshold how long a carrier had to be without work for that to be recorded; empty if it was not
 * @param dumpPeriod how often the threads were dumped; empty if they were not, or once a chunk at most
 * @param cpuPeriod how often the CPU time of the threads was measured; empty if it was not
 */
public record Sight(Optional<Duration> nativePeriod, Optional<Duration> javaPeriod, Optional<Duration> pinnedThreshold,
        Optional<Duration> parkThreshold, Optional<Duration> dumpPeriod, Optional<Duration> cpuPeriod) {

    /** Gathers the settings while a recording is read. */
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
