package dev.cooperativetls.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine and the Java runtime on which results were measured. It has no name of the machine or of a user.
 *
 * @param os the operating system and its architecture, such as {@code Linux amd64}
 * @param kernel the version of the operating system; on Linux the version of the kernel
 * @param cpu the model of the CPU; null on a system other than Linux, and if Linux does not report it (on some ARM)
 * @param cores the number of processors that the JVM may use, at least 1
 * @param memoryBytes the memory of the machine; null on a system other than Linux
 * @param cpuLimit the CPU time that the container may use, in processors (cgroup v1 or v2); null without a limit, and
 *     on a system other than Linux
 * @param memoryLimitBytes the memory that the container may use; null as for the CPU limit
 * @param jdk the version of the Java runtime, such as {@code 25.0.3+9-LTS}
 * @param vendor the vendor of the Java runtime
 */
public record Machine(String os, String kernel, String cpu, int cores, Long memoryBytes, Double cpuLimit,
        Long memoryLimitBytes, String jdk, String vendor) {

    /** A cgroup of version 1 without a limit reports a limit above this, the largest multiple of the page size. */
    private static final long NO_LIMIT = 1L << 60;

    private static final double MEBIBYTE = 1 << 20;

    /** Returns this machine and this JVM. */
    public static Machine here() {
        return of(Path.of("/"));
    }

    /**
     * Returns this machine.
     *
     * @param root the folder that has {@code proc} and {@code sys}
     */
    static Machine of(Path root) {
        Path proc = root.resolve("proc");
        List<Path> cpuGroups = cgroups(root, "cpu");
        List<Path> memoryGroups = cgroups(root, "memory");
        return new Machine("%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                System.getProperty("os.version"),
                lines(proc.resolve("cpuinfo")).filter(line -> line.startsWith("model name"))
                        .map(line -> line.replaceFirst("[^:]*: *", "").strip()).findFirst().orElse(null),
                Runtime.getRuntime().availableProcessors(),
                lines(proc.resolve("meminfo")).filter(line -> line.startsWith("MemTotal:"))
                        .map(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(null),
                cpuGroups.stream().map(Machine::cpuLimit).filter(Objects::nonNull).min(Double::compare).orElse(null),
                memoryGroups.stream().map(Machine::memoryLimit).filter(Objects::nonNull).min(Long::compare)
                        .orElse(null),
                Runtime.version().toString(), System.getProperty("java.vendor"));
    }

    /**
     * Returns the folders of this process's control group and of the groups above it, for both versions. If a container
     * can access only its own groups, the top folder is the container's.
     */
    private static List<Path> cgroups(Path root, String controller) {
        Path folder = root.resolve("sys/fs/cgroup");
        return lines(root.resolve("proc/self/cgroup")).map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> parts[1].isEmpty() ? upwards(folder, parts[2])
                        : List.of(parts[1].split(",")).contains(controller)
                                ? upwards(folder.resolve(controller), parts[2]) : Stream.empty())
                .toList();
    }

    private static Stream<Path> upwards(Path top, String group) {
        return Stream.iterate(top.resolve(group.replaceFirst("^/+", "")).normalize(),
                folder -> folder != null && folder.startsWith(top), Path::getParent);
    }

    private static Double cpuLimit(Path group) {
        Optional<String[]> max = lines(group.resolve("cpu.max")).findFirst().map(line -> line.split(" "));
        if (max.isPresent()) {
            return max.get()[0].equals("max") ? null
                    : Double.valueOf(Double.parseDouble(max.get()[0]) / Double.parseDouble(max.get()[1]));
        }
        Optional<Double> quota = lines(group.resolve("cpu.cfs_quota_us")).findFirst().map(Double::valueOf);
        Optional<Double> period = lines(group.resolve("cpu.cfs_period_us")).findFirst().map(Double::valueOf);
        return quota.isEmpty() || period.isEmpty() || quota.get() < 0 ? null
                : Double.valueOf(quota.get() / period.get());
    }

    private static Long memoryLimit(Path group) {
        return Stream.of("memory.max", "memory.limit_in_bytes").flatMap(name -> lines(group.resolve(name)))
                .filter(limit -> limit.matches("\\d+")).map(Long::valueOf).filter(limit -> limit < NO_LIMIT)
                .findFirst().orElse(null);
    }

    /** Returns the lines of a file; none if it cannot be read. */
    private static Stream<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file).stream() : Stream.empty();
        } catch (IOException _) {
            return Stream.empty(); // some files of the kernel can be opened but not read
        }
    }

    /** Returns the limits of the container in words. */
    public String limits() {
        String text = String.join(", ", Stream.of(
                cpuLimit == null ? null : String.format(Locale.ROOT, "%.2f processors", cpuLimit),
                memoryLimitBytes == null ? null : size(memoryLimitBytes)).filter(Objects::nonNull).toList());
        return text.isEmpty() ? "none known" : text;
    }

    /** Returns the memory in words. */
    public String memory() {
        return memoryBytes == null ? "not known" : size(memoryBytes);
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MEBIBYTE);
    }
}
