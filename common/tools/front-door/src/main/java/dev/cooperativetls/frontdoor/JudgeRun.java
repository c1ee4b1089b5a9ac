package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.verdict.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

/** Judges a command that starts a JVM. */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Runs a command, records the JVM that it starts, and shows on standard error what blocked the"
                + " carriers, when the command ends or at Ctrl-C. The command's input and output stay its own.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The command ended, with whatever exit code.",
            "1:Something is as --fail-on says, or the command was not done within --timeout.", "2:Bad usage.",
            "3:There is no recording, or it cannot tell."})
final class JudgeRun implements Callable<Integer> {

    private static final String NAME = "cooperative-tls";
    /** Of a command that hangs, what blocks at its end is to blame. */
    private static final int END = 4;
    private static final Duration SHORTEST_END = Duration.ofSeconds(2);
    private static final Duration LONGEST_EXIT = Duration.ofSeconds(5);

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, after --.")
    private List<String> command;

    @Option(names = "--timeout", paramLabel = "TIME", description = "End the command after this time, such as 30s, and"
            + " show what blocked at its end (default: no limit).")
    private String timeout;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Also keep the flight recording in this file.")
    private Path kept;

    @Mixin
    private BlockOptions blocks;

    private JudgeRun() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration bound = timeout == null ? null : blocks.duration("--timeout", timeout);
        blocks.require(bound == null || bound.isPositive(), "--timeout takes a time from 1ms, not '%s'", timeout);
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
            // A server runs until Ctrl-C: then it is judged too.
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
        if (kept != null) {
            Files.copy(recording, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        return blocks.report(command.getFirst(), recording, from, to, parallelism, System.err);
    }

    private Process start(Scratch scratch) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // The launcher reads this. It says so on standard error.
        builder.environment().merge("JDK_JAVA_OPTIONS", String.join(" ",
                "-XX:FlightRecorderOptions:stackdepth=512", "-Xlog:jfr+startup=error",
                "'-XX:StartFlightRecording:name=%s,settings=%s,filename=%s,dumponexit=true'".formatted(NAME,
                        scratch.settings(), scratch.folder().resolve("%p.jfr"))),
                (theirs, ours) -> theirs + " " + ours);
        return builder.start();
    }

    /**
     * Has each JVM write its recording, because one that hangs may not do so when it is ended.
     *
     * @return the parallelism of the scheduler, as the last of them says
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
                // It is no JVM, or one without the recording.
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

    /** Returns the recording of the JVM that recorded the most. */
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
            throw new IOException("the command left no recording: does it start java, from JDK 21 on, and does that end"
                    + " by itself?");
        }
        if (recordings.size() > 1 && !recordings.getFirst().toString().endsWith("-hung.jfr")) {
            Judge.complain("the command started %s JVMs; this is the one that recorded the most"
                    .formatted(recordings.size()), 0);
        }
        return recordings.getFirst();
    }
}
