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
import java.util.function.Predicate;

/**
 * The resources of this JVM, counted by the operating system in Linux's /proc, and by the JVM elsewhere.
 *
 * @param threads their names in the operating system, without those of the JVM's compilers, collectors and carriers
 * @param heapBytes of reachable objects, after a collection
 * @param residentBytes 0 if the system does not report it
 */
record Usage(long descriptors, List<String> threads, long heapBytes, long residentBytes) {

    private static final Path PROC = Path.of("/proc/self");

    /** The JVM starts these by need. It ends a carrier that has been idle for half a minute. */
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
                // It has ended.
            }
        }
        return names.stream().filter(JVMS_OWN.negate()).sorted().toList();
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
