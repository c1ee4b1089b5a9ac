package dev.cooperativetls.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The time for which the carriers had to wait for a CPU, from {@code /proc}. In a recording, native code that waits for
 * a CPU looks like native code that waits for something else. On other systems than Linux the time is zero. Not
 * thread-safe.
 */
final class CpuDelay {

    private static final Path TASKS = Path.of("/proc/self/task");

    /** The part of a carrier's name that the kernel keeps. */
    private static final String CARRIER = "ForkJoinPool-1-";

    private static final int FIND_EACH = 20;

    private final Map<Path, Long> nanos = new HashMap<>();
    private int calls;

    /** Returns the longest time for which a carrier had to wait for a CPU since the last call. */
    Duration sinceLast() {
        if (calls++ % FIND_EACH == 0) {
            find();
        }
        long most = 0;
        for (Map.Entry<Path, Long> carrier : nanos.entrySet()) {
            long now = read(carrier.getKey(), carrier.getValue());
            most = Math.max(most, now - carrier.getValue());
            carrier.setValue(now);
        }
        return Duration.ofNanos(most);
    }

    private void find() {
        try (Stream<Path> tasks = Files.list(TASKS)) {
            tasks.filter(task -> line(task.resolve("comm")).equals(CARRIER)).map(task -> task.resolve("schedstat"))
                    .forEach(carrier -> nanos.computeIfAbsent(carrier, one -> read(one, 0)));
        } catch (IOException _) {
            nanos.clear(); // the system is not Linux
        }
    }

    /** Returns the second number of the file, which is the wait in ns; the last known one if the carrier has ended. */
    private static long read(Path schedstat, long known) {
        String[] numbers = line(schedstat).split(" ");
        return numbers.length < 2 ? known : Long.parseLong(numbers[1]);
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
