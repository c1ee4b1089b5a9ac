package dev.cooperativetls.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The resources of a process at one moment.
 *
 * @param heapBytes the heap in use after a garbage collection
 * @param rssBytes the resident memory of the process
 * @param descriptors the number of open files and connections
 * @param threads the number of operating system threads, which does not include virtual threads
 */
record Footprint(long heapBytes, long rssBytes, long descriptors, long threads) {

    private static final Path SELF = Path.of("/proc/self");

    /** The resources of a process while all its pages wait; memory is per page. */
    record Waiting(double heapBytesPerPage, double rssBytesPerPage, long descriptors, long threads) {}

    /**
     * Returns the footprint of this process.
     *
     * @throws IOException if the operating system is not Linux
     */
    static Footprint now() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long rss = Files.readAllLines(SELF.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow(() -> new IOException("no VmRSS in /proc/self/status"));
        return new Footprint(heap, rss, count("fd"), count("task"));
    }

    private static long count(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(SELF.resolve(folder))) {
            return entries.count();
        }
    }

    /**
     * Returns the resources while all pages wait.
     *
     * @param before the footprint of this process before the pages were fetched
     */
    Waiting since(Footprint before, int pages) {
        return new Waiting((double) (heapBytes - before.heapBytes) / pages,
                (double) (rssBytes - before.rssBytes) / pages, descriptors, threads);
    }
}
