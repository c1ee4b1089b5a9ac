package dev.cooperativetls.frontdoor.judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that judges a flight recording of any program. */
@Command(name = "recording", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Shows what blocked the carrier threads in a flight recording, and what the recording cannot"
                + " show.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The recording was read.", "1:A method reached a limit of --fail-on.", "2:Bad usage.",
            "3:The recording cannot be read or lacks the events of a kind, or an output could not be written."})
final class JudgeRecording implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The flight recording.")
    private Path file;

    @Option(names = "--from", paramLabel = "TIME", description = "Leave out all before this time, such as 09:00,"
            + " 09:00:30 or 2026-11-28T09:00:00Z (default: the start of the recording).")
    private String from;

    @Option(names = "--to", paramLabel = "TIME",
            description = "Leave out all after this time (default: the end of the recording).")
    private String to;

    @Mixin
    private BlockOptions blocks;

    private JudgeRecording() {}

    @Override
    public Integer call() throws IOException {
        blocks.require(Files.isRegularFile(file), "FILE %s cannot be read: %s", file,
                Files.exists(file) ? "it is not a file" : "it is missing");
        blocks.check();
        return blocks.report(file.toString(), file, instant("--from", from), instant("--to", to));
    }

    /** Parses a time. A time of day belongs to the day of the file's last change, in the time zone of this JVM. */
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
                    "%s must be a time such as 09:00 or 2026-11-28T09:00:00Z, not '%s'".formatted(option, text), e);
        }
    }
}
