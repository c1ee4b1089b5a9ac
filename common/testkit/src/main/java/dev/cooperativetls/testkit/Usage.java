package dev.cooperativetls.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources of this JVM, from /proc on Linux, and from the JVM on other systems.
 *
 * @param threads the names of the threads, without those that the JVM and BouncyCastle start when they need them
 * @param heapBytes the heap in use after a garbage collection
 * @param residentBytes the resident memory; 0 if the system does not report it
 */
record Usage(long descriptors, List<String> threads, long heapBytes, long residentBytes) {

    private static final Path PROC = Path.of("/proc/self");

    /** Matches threads of the JVM. The scheduler of virtual threads, for example, ends threads after half a minute. */
    private static final Predicate<String> JVMS_OWN = name -> name.startsWith("C1 ") || name.startsWith("C2 ")
            || name.startsWith("G1 ") || name.startsWith("GC ") || name.startsWith("ForkJoinPool-");

    static Usage now() throws IOException {
        System.gc();
        return new Usage(countDescriptors(), listThreads(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), readResident());
    }

    static long countDescriptors() throws IOException {
        if (Files.isDirectory(PROC)) {
            return entries(PROC.resolve("fd")).size();
        }
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    static List<String> listThreads() throws IOException {
        if (!Files.isDirectory(PROC)) {
            return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
        }
        List<String> names = new ArrayList<>();
        for (Path task : entries(PROC.resolve("task"))) {
            try {
                names.add(Files.readString(task.resolve("comm")).strip());
            } catch (IOException _) {
                // The thread has ended.
            }
        }
        Set<String> gatherers = gatherers();
        return names.stream().filter(JVMS_OWN.negate()).filter(name -> !gatherers.contains(name)).sorted().toList();
    }

    /** Returns the names of the threads in which BouncyCastle gathers entropy for a random generator. */
    private static Set<String> gatherers() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().endsWith(".EntropyGatherer")))
                .map(thread -> thread.getKey().getName()).collect(Collectors.toSet());
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (var found = Files.newDirectoryStream(folder)) {
            found.forEach(entries::add);
            return entries;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static long readResident() throws IOException {
        Path status = PROC.resolve("status");
        if (!Files.exists(status)) {
            return 0;
        }
        Optional<String> line = Files.readAllLines(status).stream().filter(one -> one.startsWith("VmRSS:")).findFirst();
        return line.map(one -> Long.parseLong(one.replaceAll("\\D", "")) << 10).orElse(0L);
    }

    @Override
    public String toString() {
        return "%s descriptors, %s threads, %s MB of heap, %s MB resident".formatted(
                descriptors, threads.size(), heapBytes >> 20, residentBytes >> 20);
    }
}
