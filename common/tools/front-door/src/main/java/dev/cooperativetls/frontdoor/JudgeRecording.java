package dev.cooperativetls.frontdoor;

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

/** Judges a flight recording, from anywhere. */
@Command(name = "recording", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Shows what blocked the carriers in a flight recording, and what the recording cannot tell.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:It was read.", "1:Something is as --fail-on says.", "2:Bad usage.",
            "3:The recording cannot tell, or an output could not be written."})
final class JudgeRecording implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
    private Path file;

    @Option(names = "--from", paramLabel = "TIME", description = "Leave out what was before: 09:00, 09:00:30 or"
            + " 2026-11-28T09:00:00Z (default: the beginning).")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Leave out what was after (default: the end).")
    private String to;

    @Mixin
    private BlockOptions blocks;

    private JudgeRecording() {}

    @Override
    public Integer call() throws IOException {
        blocks.require(Files.isRegularFile(file), "FILE %s cannot be read: %s", file,
                Files.exists(file) ? "it is no file" : "it is missing");
        blocks.check();
        return blocks.report(file.toString(), file, instant("--from", from), instant("--to", to));
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
}
