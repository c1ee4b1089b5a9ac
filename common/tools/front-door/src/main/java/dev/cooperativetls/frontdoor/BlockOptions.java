package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.CarrierRecording;
import dev.cooperativetls.recorder.Recorded;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What to show of a recording, how, and what makes it fail. */
final class BlockOptions implements Requirement {

    enum Format { text, json, collapsed, html }

    /** Earlier ones have no virtual threads. */
    static final int OLDEST_JDK = 21;

    /** As in {@code OpenJDK 64-Bit Server VM (25.0.3+9-LTS) for linux-amd64}. */
    private static final Pattern JDK = Pattern.compile("\\((?<feature>\\d+)");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--carriers", paramLabel = "N",
            description = "The number of carrier threads (default: what the recording says of its JVM).")
    private Integer carriers;

    @Option(names = "--kind", paramLabel = "KIND", split = ",",
            description = "native, pinned, computing or unseen, several with commas (default: all).")
    private List<String> kinds;

    @Option(names = "--within", paramLabel = "PREFIX",
            description = "Only stacks with a class whose name begins so, such as com.acme.")
    private String within;

    @Option(names = "--allow", paramLabel = "CLASS::METHOD",
            description = "Leave out what this method blocks; may be repeated.")
    private List<String> allowed = List.of();

    @Option(names = "--threshold", paramLabel = "TIME", defaultValue = "20ms", description = "Leave out what never"
            + " blocked a carrier for so long at a time, such as 100ms or 1s (default: ${DEFAULT-VALUE}).")
    private String threshold;

    @Option(names = "--top", paramLabel = "N", defaultValue = "10",
            description = "The number of lines (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(names = "--stacks", description = "Show a stack for each line.")
    private boolean stacks;

    @Option(names = "--diff", paramLabel = "BASE", description = "Another recording, to compare with.")
    private Path base;

    @Option(names = "--fail-on", paramLabel = "LIMIT", split = ",", description = "Exit with 1 if a method blocked"
            + " a carrier for so long at a time (native=100ms, pinned=.., computing=..) or for so much of the time"
            + " (share=5%%); several with commas.")
    private List<String> limits = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}: collapsed has a line per stack with its milliseconds, for flame"
                    + " graphs (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "-o", paramLabel = "FILE",
            description = "Write to this file (default: standard output; judge run: standard error).")
    private Path output;

    private Set<Kind> shown;
    private Duration shortest;
    private List<Limit> failing;

    /** Refuses options that are wrong, before anything is done. */
    void check() {
        require(top >= 1, "--top takes a whole number from 1, not '%s'", top);
        require(carriers == null || carriers >= 1, "--carriers takes a whole number from 1, not '%s'", carriers);
        for (String method : allowed) {
            require(method.matches("[^:]+::[^:]+"), "--allow takes CLASS::METHOD, not '%s'", method);
        }
        shown = kinds();
        shortest = duration("--threshold", threshold);
        failing = limits.stream().map(this::limit).toList();
        require(base == null || Files.isRegularFile(base), "--diff %s cannot be read: %s", base,
                base != null && Files.exists(base) ? "it is no file" : "it is missing");
        require(base == null || format != Format.collapsed, "--diff is for the formats text, json and html");
        if (output != null) {
            requireNone(FileProblem.ofWriting("-o", output));
        }
    }

    /**
     * Reads a recording and reports what it tells.
     *
     * @param name what to call it
     * @param from the beginning of what counts; null for that of the recording
     * @param to the end of what counts; null for that of the recording
     * @return the exit code
     * @throws IOException if it is no whole recording; the message says so
     */
    int report(String name, Path recording, Instant from, Instant to) throws IOException {
        return report(name, recording, from, to, OptionalInt.empty(), System.out);
    }

    /**
     * Does the same.
     *
     * @param parallelism the number of carriers, as the scheduler of the JVM has told; empty if it was not asked
     * @param out where it is printed, unless -o names a file
     */
    int report(String name, Path recording, Instant from, Instant to, OptionalInt parallelism, PrintStream out)
            throws IOException {
        boolean toldByScheduler = carriers == null && parallelism.isPresent();
        Recorded recorded = read(name, recording, from, to,
                carriers != null ? OptionalInt.of(carriers) : parallelism);
        List<CarrierBlock> blocks = chosen(recorded);
        RecordingText.Base before = null;
        if (base != null) {
            Recorded of = read(base.toString(), base, null, null,
                    carriers == null ? OptionalInt.empty() : OptionalInt.of(carriers));
            before = new RecordingText.Base(base.toString(), of, chosen(of).stream().limit(top).toList());
        }
        var text = new RecordingText(name, recorded, toldByScheduler, blocks.stream().limit(top).toList(), before);
        String written = switch (format) {
            case text -> text.table(stacks);
            case json -> text.json();
            case collapsed -> text.collapsed();
            case html -> text.html();
        };
        if (output == null) {
            out.print(written);
            out.flush();
        } else {
            try {
                Files.writeString(output, written);
            } catch (IOException e) {
                return Judge.complain(FileProblem.notWritten("-o", output, e), RunStages.BROKEN);
            }
        }
        List<String> blind = text.blind(shown);
        blind.forEach(what -> Judge.complain(what, 0));
        boolean failed = blocks.stream().anyMatch(block -> failing.stream().anyMatch(limit -> limit.isReached(block)));
        return failed ? 1 : blind.isEmpty() ? 0 : RunStages.BROKEN;
    }

    private List<CarrierBlock> chosen(Recorded recorded) {
        return recorded.blocks().stream()
                .filter(block -> shown.contains(block.kind()))
                .filter(block -> block.kind() == Kind.UNSEEN || block.longestSeconds() >= shortest.toNanos() / 1e9)
                .filter(block -> allowed.stream().noneMatch(
                        method -> block.frame().equals(method.replace("::", "."))))
                .toList();
    }

    private Recorded read(String name, Path recording, Instant from, Instant to, OptionalInt known)
            throws IOException {
        try {
            Recorded recorded = CarrierRecording.of(recording, from, to, known, within);
            Matcher jdk = JDK.matcher(Objects.requireNonNullElse(recorded.jvmVersion(), ""));
            if (jdk.find() && Integer.parseInt(jdk.group("feature")) < OLDEST_JDK) {
                throw new IOException("it is of JDK %s, and virtual threads came with JDK %s"
                        .formatted(jdk.group("feature"), OLDEST_JDK));
            }
            require(recorded.carriers().isPresent(), "%s does not say how many carriers there were: give --carriers",
                    name);
            return recorded;
        } catch (IOException e) {
            throw new IOException("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private Set<Kind> kinds() {
        var all = new TreeSet<Kind>();
        for (String kind : kinds == null ? List.<String>of() : kinds) {
            require(Arrays.stream(Kind.values()).anyMatch(one -> one.name().equalsIgnoreCase(kind)),
                    "--kind takes native, pinned, computing or unseen, not '%s'", kind);
            all.add(Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
        }
        return kinds == null ? Set.of(Kind.values()) : all;
    }

    /** A limit of {@code --fail-on}: of a kind's longest block, or of the share if there is no kind. */
    private record Limit(Kind kind, double atLeast) {

        boolean isReached(CarrierBlock block) {
            return kind == null ? block.share() >= atLeast && !block.compensated()
                    : block.kind() == kind && block.longestSeconds() >= atLeast;
        }
    }

    private Limit limit(String text) {
        String[] parts = text.split("=", 2);
        require(parts.length == 2 && parts[0].matches("(?i)native|pinned|computing|share"),
                "--fail-on takes limits such as native=100ms or share=5%%, not '%s'", text);
        if (parts[0].equalsIgnoreCase("share")) {
            require(parts[1].matches("\\d{1,3}(\\.\\d+)?%"), "--fail-on share takes a per cent such as 5%%, not '%s'",
                    parts[1]);
            return new Limit(null, Double.parseDouble(parts[1].replace("%", "")) / 100);
        }
        return new Limit(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                duration("--fail-on " + parts[0], parts[1]).toNanos() / 1e9);
    }

    /** Returns a time such as {@code 20ms} or {@code 1s}; refuses everything else. */
    Duration duration(String option, String text) {
        require(text.matches("\\d{1,9}(ms|s)"), "%s takes a time such as 20ms or 1s, not '%s'", option, text);
        long number = Long.parseLong(text.replaceAll("\\D", ""));
        return text.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
    }

    @Override
    public void require(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise.get());
        }
    }
}
