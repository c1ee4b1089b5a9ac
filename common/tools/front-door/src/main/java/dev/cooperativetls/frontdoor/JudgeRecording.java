package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.CarrierRecording;
import dev.cooperativetls.recorder.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a flight recording, from anywhere. */
@Command(name = "recording", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Shows what blocked the carriers in a flight recording, and what the recording cannot tell.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:It was read.", "1:Something is as --fail-on says.", "2:Bad usage.",
            "3:The recording cannot tell, or an output could not be written."})
final class JudgeRecording implements Callable<Integer> {

    enum Format { text, json, collapsed }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
    private Path file;

    @Option(names = "--from", paramLabel = "TIME", description = "Leave out what was before: 09:00, 09:00:30 or"
            + " 2026-11-28T09:00:00Z (default: the beginning).")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Leave out what was after (default: the end).")
    private String to;

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

    @Option(names = "--fail-on", paramLabel = "LIMIT", split = ",", description = "Exit with 1 if a method blocked"
            + " a carrier for so long at a time (native=100ms, pinned=.., computing=..) or for so much of the time"
            + " (share=5%%); several with commas.")
    private List<String> limits = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}: collapsed has a line per stack with its milliseconds, for flame"
                    + " graphs (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "-o", paramLabel = "FILE", description = "Write to this file (default: standard output).")
    private Path output;

    private JudgeRecording() {}

    @Override
    public Integer call() throws IOException {
        require(top >= 1, "--top takes a whole number from 1, not '%s'", top);
        require(carriers == null || carriers >= 1, "--carriers takes a whole number from 1, not '%s'", carriers);
        require(Files.isRegularFile(file), "FILE %s cannot be read: %s", file,
                Files.exists(file) ? "it is no file" : "it is missing");
        for (String method : allowed) {
            require(method.matches("[^:]+::[^:]+"), "--allow takes CLASS::METHOD, not '%s'", method);
        }
        Set<Kind> shown = kinds();
        Duration shortest = duration("--threshold", threshold);
        List<Limit> failing = limits.stream().map(this::limit).toList();
        if (output != null) {
            FileProblem.ofWriting("-o", output).ifPresent(problem -> require(false, "%s", problem));
        }
        Recorded recorded = read();
        List<CarrierBlock> blocks = recorded.blocks().stream()
                .filter(block -> shown.contains(block.kind()))
                .filter(block -> block.kind() == Kind.UNSEEN || block.longestSeconds() >= shortest.toNanos() / 1e9)
                .filter(block -> allowed.stream().noneMatch(
                        method -> block.frame().equals(method.replace("::", "."))))
                .toList();
        var text = new RecordingText(file, recorded, blocks.stream().limit(top).toList());
        String written = switch (format) {
            case text -> text.table(stacks);
            case json -> text.json();
            case collapsed -> text.collapsed();
        };
        if (output == null) {
            System.out.print(written);
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

    private Recorded read() throws IOException {
        try {
            Recorded recorded = CarrierRecording.of(file, instant("--from", from), instant("--to", to),
                    carriers == null ? OptionalInt.empty() : OptionalInt.of(carriers), within);
            require(recorded.carriers().isPresent(), "%s does not say how many carriers there were: give --carriers",
                    file);
            return recorded;
        } catch (IOException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private Set<Kind> kinds() {
        var shown = new TreeSet<Kind>();
        for (String kind : kinds == null ? List.<String>of() : kinds) {
            require(Arrays.stream(Kind.values()).anyMatch(one -> one.name().equalsIgnoreCase(kind)),
                    "--kind takes native, pinned, computing or unseen, not '%s'", kind);
            shown.add(Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
        }
        return kinds == null ? Set.of(Kind.values()) : shown;
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

    private Duration duration(String option, String text) {
        require(text.matches("\\d{1,9}(ms|s)"), "%s takes a time such as 20ms or 1s, not '%s'", option, text);
        long number = Long.parseLong(text.replaceAll("\\D", ""));
        return text.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
    }

    /** A time of day is of the day on which the recording was changed last, where this program runs. */
    private Instant instant(String option, String text) throws IOException {
        if (text == null) {
            return null;
        }
        try {
            return text.contains("T") ? Instant.parse(text)
                    : LocalTime.parse(text).atDate(Files.getLastModifiedTime(file).toInstant()
                            .atZone(ZoneId.systemDefault()).toLocalDate()).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException e) {
            throw new ParameterException(spec.commandLine(),
                    "%s takes a time such as 09:00 or 2026-11-28T09:00:00Z, not '%s'".formatted(option, text), e);
        }
    }

    private void require(boolean condition, String otherwise, Object... values) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, otherwise, values));
        }
    }
}
