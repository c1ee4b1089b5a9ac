package dev.cooperativetls.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds at one moment.
 *
 * @param heapBytes in use after a garbage collection
 * @param rssBytes the process's memory that is in the machine's
 * @param descriptors open files and connections
 * @param threads of the operating system's; a virtual one is none
 */
record Held(long heapBytes, long rssBytes, long descriptors, long threads) {

    private static final Path SELF = Path.of("/proc/self");

    /**
     * What this process holds now.
     *
     * @throws IOException if the operating system does not tell; Linux does
     */
    static Held now() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long rss = Files.readAllLines(SELF.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow(() -> new IOException("no VmRSS in /proc/self/status"));
        return new Held(heap, rss, count(SELF.resolve("fd")), count(SELF.resolve("task")));
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
