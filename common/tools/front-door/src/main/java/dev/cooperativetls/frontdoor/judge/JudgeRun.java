package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.frontdoor.FrontDoor;
import dev.cooperativetls.frontdoor.OutputFiles;
import dev.cooperativetls.verdict.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that judges another command, which starts a JVM. */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Runs a command and records the JVM that it starts. When the command ends, or at Ctrl-C, judge"
                + " run shows on standard error what blocked the carrier threads. The command keeps its own input and"
                + " output.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The command ended, whatever its exit code.",
            "1:A method reached a limit of --fail-on, or the command was not done within --timeout.", "2:Bad usage.",
            "3:There is no recording, it lacks the events of a kind, or an output could not be written."})
final class JudgeRun implements Callable<Integer> {

    private static final String NAME = "cooperative-tls";
    /** The part of the time, one in this number, that counts if the command hangs: the end shows where it hangs. */
    private static final int END = 4;
    private static final Duration SHORTEST_END = Duration.ofSeconds(2);
    private static final Duration LONGEST_EXIT = Duration.ofSeconds(5);

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, after --.")
    private List<String> command;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Stop the command after this time, such as 30s, and"
            + " show what blocked in the last quarter of the time (default: no limit).")
    private String timeout;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Also keep the flight recording in this file.")
    private Path kept;

    @Mixin
    private BlockOptions blocks;

    private JudgeRun() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration bound = timeout == null ? null : blocks.duration("--timeout", timeout);
        blocks.require(bound == null || bound.isPositive(), "--timeout must be a time from 1ms, not '%s'", timeout);
        if (kept != null) {
            blocks.requireNone(FileProblem.ofWriting("--jfr", kept));
        }
        blocks.check();
        try (var scratch = new Scratch()) {
            return run(scratch, bound);
        }
    }

    private int run(Scratch scratch, Duration bound) throws IOException, InterruptedException {
        Instant began = Instant.now();
        Process process;
        try {
            // A server runs until Ctrl-C, and is judged then.
            process = scratch.start(() -> start(scratch), started -> {
                end(started);
                ended("was interrupted", began);
                report(scratch, null, null, OptionalInt.empty());
            });
        } catch (IOException e) {
            blocks.require(false, "the command cannot be started: %s", e.getMessage());
            throw e;
        }
        if (bound != null && !process.waitFor(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            Instant now = Instant.now();
            OptionalInt parallelism = dump(process, scratch);
            end(process);
            scratch.forget();
            System.err.println("HUNG: the command was not done within " + timeout);
            Duration end = Duration.between(began, now).dividedBy(END);
            Duration atTheEnd = end.compareTo(SHORTEST_END) > 0 ? end : SHORTEST_END;
            int result = report(scratch, now.minus(atTheEnd), now, parallelism);
            return result == 0 ? 1 : result;
        }
        int exitCode = process.waitFor();
        scratch.forget();
        ended("ended with exit code " + exitCode, began);
        return report(scratch, null, null, OptionalInt.empty());
    }

    private static void ended(String how, Instant began) {
        System.err.printf(Locale.ROOT, "The command %s after %.1f s.%n", how,
                Duration.between(began, Instant.now()).toMillis() / 1000.0);
    }

    private int report(Scratch scratch, Instant from, Instant to, OptionalInt parallelism) throws IOException {
        Path recording = recording(scratch);
        var files = new OutputFiles(problem -> Judge.complain(problem, 0));
        if (kept != null) {
            files.copy("--jfr", recording, kept);
        }
        int exitCode = blocks.report(command.getFirst(), recording, from, to, parallelism, System.err);
        return files.lost() ? FrontDoor.NO_VERDICT : exitCode;
    }

    private Process start(Scratch scratch) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // The launcher java reads this variable, and prints a note about it on standard error.
        builder.environment().merge("JDK_JAVA_OPTIONS", String.join(" ",
                "-XX:FlightRecorderOptions:stackdepth=512", "-Xlog:jfr+startup=error",
                "'-XX:StartFlightRecording:name=%s,settings=%s,filename=%s,dumponexit=true'".formatted(NAME,
                        scratch.settings(), scratch.folder().resolve("%p.jfr"))),
                (theirs, ours) -> theirs + " " + ours);
        return builder.start();
    }

    /**
     * Dumps the recording of each JVM, because a JVM that hangs may not write it when it is stopped.
     *
     * @return the parallelism that the scheduler of the last JVM reports; empty if it is not known
     */
    private static OptionalInt dump(Process process, Scratch scratch) throws InterruptedException {
        OptionalInt parallelism = OptionalInt.empty();
        for (ProcessHandle one : Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList()) {
            try {
                Jcmd jvm = new Jcmd(one.pid());
                jvm.command("JFR.dump", "name=" + NAME,
                        "filename=" + scratch.folder().resolve(one.pid() + "-hung.jfr"));
                parallelism = jvm.parallelism();
            } catch (IOException _) {
                // The process is not a JVM, or it has no such recording.
            }
        }
        return parallelism;
    }

    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroy);
        if (!process.waitFor(LONGEST_EXIT.toSeconds(), TimeUnit.SECONDS)) {
            all.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }

    /** Returns the largest recording; one of a JVM that hung comes first. */
    private Path recording(Scratch scratch) throws IOException {
        List<Path> recordings;
        try (Stream<Path> files = Files.list(scratch.folder())) {
            recordings = files.filter(file -> file.toString().endsWith(".jfr"))
                    .filter(file -> file.toFile().length() > 0)
                    .sorted(Comparator.comparing((Path file) -> !file.toString().endsWith("-hung.jfr"))
                            .thenComparing(file -> -file.toFile().length()))
                    .toList();
        }
        if (recordings.isEmpty()) {
            throw new IOException("the command left no recording: it must start java of JDK 21 or later, which must end"
                    + " by itself");
        }
        if (recordings.size() > 1 && !recordings.getFirst().toString().endsWith("-hung.jfr")) {
            Judge.complain("the command started %s JVMs, and the largest recording is shown"
                    .formatted(recordings.size()), 0);
        }
        return recordings.getFirst();
    }
}
