package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.frontdoor.FrontDoor;
import dev.cooperativetls.frontdoor.Requirement;
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

/** The options that choose which blocks of a recording are shown, in which form, and which limits make it fail. */
final class BlockOptions implements Requirement {

    enum Format { text, json, collapsed, html }

    /** The first JDK that has virtual threads. */
    static final int OLDEST_JDK = 21;

    /** For example in {@code OpenJDK 64-Bit Server VM (25.0.3+9-LTS) for linux-amd64}. */
    private static final Pattern JDK = Pattern.compile("\\((?<feature>\\d+)");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--carriers", paramLabel = "N",
            description = "The number of carrier threads (default: the number that the JVM or the recording gives).")
    private Integer carriers;

    @Option(names = "--kind", paramLabel = "KIND", split = ",",
            description = "The kinds of blocks to show, separated by commas: native, pinned, computing, unseen"
                    + " (default: all).")
    private List<String> kinds;

    @Option(names = "--within", paramLabel = "PREFIX",
            description = "Count only stacks that have a class whose name begins with this, such as com.acme"
                    + " (default: all stacks).")
    private String within;

    @Option(names = "--allow", paramLabel = "CLASS::METHOD",
            description = "Leave out the blocks by this method; may be repeated.")
    private List<String> allowed = List.of();

    @Option(names = "--threshold", paramLabel = "TIME", defaultValue = "20ms", description = "Leave out methods whose"
            + " longest block is shorter than this, such as 100ms or 1s (default: ${DEFAULT-VALUE}).")
    private String threshold;

    @Option(names = "--top", paramLabel = "N", defaultValue = "10",
            description = "The greatest number of lines (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(names = "--stacks", description = "Also show a stack for each line.")
    private boolean stacks;

    @Option(names = "--diff", paramLabel = "BASE", description = "Compare with this recording.")
    private Path base;

    @Option(names = "--fail-on", paramLabel = "LIMIT", split = ",", description = "Exit with 1 if a method reaches one"
            + " of these limits, separated by commas: the length of its longest block (native=100ms, pinned=..,"
            + " computing=..), or its share of the carriers' time (share=5%%).")
    private List<String> limits = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text",
            description = "The form of the output: ${COMPLETION-CANDIDATES}. The form collapsed has a line per stack"
                    + " with its milliseconds, for flame graphs (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "-o", paramLabel = "FILE",
            description = "Write the output to this file (default: standard output; for judge run: standard error).")
    private Path output;

    private Set<Kind> shown;
    private Duration shortest;
    private List<Limit> failing;

    /**
     * Checks the options.
     *
     * @throws ParameterException if a value is wrong, or a file cannot be read or written
     */
    void check() {
        require(top >= 1, "--top must be a whole number from 1, not '%s'", top);
        require(carriers == null || carriers >= 1, "--carriers must be a whole number from 1, not '%s'", carriers);
        for (String method : allowed) {
            require(method.matches("[^:]+::[^:]+"), "--allow must be CLASS::METHOD, not '%s'", method);
        }
        shown = kinds();
        shortest = duration("--threshold", threshold);
        failing = limits.stream().map(this::limit).toList();
        require(base == null || Files.isRegularFile(base), "--diff %s cannot be read: %s", base,
                base != null && Files.exists(base) ? "it is not a file" : "it is missing");
        require(base == null || format != Format.collapsed, "--diff is for the formats text, json and html");
        if (output != null) {
            requireNone(FileProblem.ofWriting("-o", output));
        }
    }

    /**
     * Reads a recording and prints what blocked the carriers, on standard output unless {@code -o} names a file.
     *
     * @param name the name of the recording in the output
     * @param from the start of the time that counts; null for the start of the recording
     * @param to the end of the time that counts; null for the end of the recording
     * @return the exit code
     * @throws IOException if the file is not a complete recording; the message gives the reason
     */
    int report(String name, Path recording, Instant from, Instant to) throws IOException {
        return report(name, recording, from, to, OptionalInt.empty(), System.out);
    }

    /**
     * Does the same as {@link #report(String, Path, Instant, Instant)}.
     *
     * @param parallelism the number of carriers that the JVM's scheduler has reported; empty if it is not known
     * @param out the stream to print on, unless {@code -o} names a file
     */
    int report(String name, Path recording, Instant from, Instant to, OptionalInt parallelism, PrintStream out)
            throws IOException {
        boolean fromScheduler = carriers == null && parallelism.isPresent();
        Recorded recorded = read(name, recording, from, to,
                carriers != null ? OptionalInt.of(carriers) : parallelism);
        List<CarrierBlock> blocks = chosen(recorded);
        RecordingText.Base before = null;
        if (base != null) {
            Recorded of = read(base.toString(), base, null, null,
                    carriers == null ? OptionalInt.empty() : OptionalInt.of(carriers));
            before = new RecordingText.Base(base.toString(), of, chosen(of).stream().limit(top).toList());
        }
        var text = new RecordingText(name, recorded, fromScheduler, blocks.stream().limit(top).toList(), before);
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
                return Judge.complain(FileProblem.notWritten("-o", output, e), FrontDoor.NO_VERDICT);
            }
        }
        List<String> blind = text.blind(shown);
        blind.forEach(what -> Judge.complain(what, 0));
        boolean failed = blocks.stream().anyMatch(block -> failing.stream().anyMatch(limit -> limit.isReached(block)));
        return failed ? 1 : blind.isEmpty() ? 0 : FrontDoor.NO_VERDICT;
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
                throw new IOException("it was made by JDK %s, but virtual threads need JDK %s or later"
                        .formatted(jdk.group("feature"), OLDEST_JDK));
            }
            require(recorded.carriers().isPresent(), "%s does not contain the number of carriers: give --carriers",
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
                    "--kind must be native, pinned, computing or unseen, not '%s'", kind);
            all.add(Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
        }
        return kinds == null ? Set.of(Kind.values()) : all;
    }

    /**
     * A limit of {@code --fail-on}.
     *
     * @param kind the kind whose longest block is limited; null if the share is limited
     * @param atLeast seconds, or a share from 0 to 1
     */
    private record Limit(Kind kind, double atLeast) {

        boolean isReached(CarrierBlock block) {
            return kind == null ? block.share() >= atLeast && !block.compensated()
                    : block.kind() == kind && block.longestSeconds() >= atLeast;
        }
    }

    private Limit limit(String text) {
        String[] parts = text.split("=", 2);
        require(parts.length == 2 && parts[0].matches("(?i)native|pinned|computing|share"),
                "--fail-on must be a limit such as native=100ms or share=5%%, not '%s'", text);
        if (parts[0].equalsIgnoreCase("share")) {
            require(parts[1].matches("\\d{1,3}(\\.\\d+)?%"), "--fail-on share must be a percentage such as 5%%,"
                    + " not '%s'", parts[1]);
            return new Limit(null, Double.parseDouble(parts[1].replace("%", "")) / 100);
        }
        return new Limit(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                duration("--fail-on " + parts[0], parts[1]).toNanos() / 1e9);
    }

    /**
     * Parses a time such as {@code 20ms} or {@code 1s}.
     *
     * @throws ParameterException if the text has another form
     */
    Duration duration(String option, String text) {
        require(text.matches("\\d{1,9}(ms|s)"), "%s must be a time such as 20ms or 1s, not '%s'", option, text);
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
