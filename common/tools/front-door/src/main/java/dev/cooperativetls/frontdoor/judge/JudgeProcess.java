package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.frontdoor.FrontDoor;
import dev.cooperativetls.frontdoor.OutputFiles;
import dev.cooperativetls.verdict.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that judges a running JVM. */
@Command(name = "process", mixinStandardHelpOptions = true, versionProvider = Judge.Version.class,
        sortOptions = false, usageHelpAutoWidth = true,
        description = "Records a running JVM of the same user, and shows what blocked its carrier threads. The JVM"
                + " keeps running.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The JVM was recorded.", "1:A method reached a limit of --fail-on.", "2:Bad usage.",
            "3:There is no recording, it lacks the events of a kind, or an output could not be written."})
final class JudgeProcess implements Callable<Integer> {

    private static final Duration LONGEST = Duration.ofHours(1);
    /** If this program is killed, the recording ends by itself after this additional time. */
    private static final Duration SPARE = Duration.ofMinutes(1);

    @Parameters(index = "0", arity = "0..1", paramLabel = "PID", description = "The process ID, such as 4711.")
    private String pid;

    @Option(names = "--list", description = "List the JVMs of this user, and exit.")
    private boolean list;

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "30s",
            description = "The time to record, such as 500ms or 30s (default: ${DEFAULT-VALUE}).")
    private String time;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Also keep the flight recording in this file.")
    private Path kept;

    @Mixin
    private BlockOptions blocks;

    private JudgeProcess() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            Jcmd.all().forEach(jvm -> System.out.printf("%s %s%n", jvm.pid(), jvm.program()));
            return 0;
        }
        blocks.require(pid != null, "PID is missing: give one that --list shows");
        blocks.require(pid.matches("[1-9]\\d{0,9}"), "PID must be the number of a process, not '%s'", pid);
        Duration recorded = blocks.duration("--for", time);
        blocks.require(recorded.isPositive() && recorded.compareTo(LONGEST) <= 0,
                "--for must be a time from 1ms to %ss, not '%s'", LONGEST.toSeconds(), time);
        if (kept != null) {
            blocks.requireNone(FileProblem.ofWriting("--jfr", kept));
        }
        blocks.check();
        Jcmd jvm = new Jcmd(Long.parseLong(pid));
        jvm.check();
        try (var scratch = new Scratch()) {
            return report(jvm, scratch, recorded);
        }
    }

    private int report(Jcmd jvm, Scratch scratch, Duration recorded) throws IOException, InterruptedException {
        Path file = scratch.folder().resolve("process.jfr");
        String name = "name=" + scratch.folder().getFileName(); // no other recording has this name
        Instant from = Instant.now();
        // With dumponexit the file is also written if the process ends early.
        scratch.start(() -> jvm.command("JFR.start", name, "settings=" + scratch.settings(), "filename=" + file,
                "dumponexit=true", "duration=%ss".formatted(recorded.plus(SPARE).toSeconds())),
                _ -> {
                    jvm.command("JFR.stop", name, "filename=" + file);
                    blocks.report("process " + pid, file, from, null, OptionalInt.empty(), System.out);
                });
        System.err.printf("Recording process %s for %s …%n", pid, time);
        OptionalInt parallelism = OptionalInt.empty();
        if (ends(jvm, recorded)) {
            Judge.complain("process %s has ended".formatted(pid), 0);
        } else {
            jvm.command("JFR.stop", name, "filename=" + file);
            parallelism = jvm.parallelism();
        }
        scratch.forget();
        Instant to = Instant.now();
        if (file.toFile().length() == 0) {
            throw new IOException("process %s has left no recording: it may have been killed".formatted(pid));
        }
        var files = new OutputFiles(problem -> Judge.complain(problem, 0));
        if (kept != null) {
            files.copy("--jfr", file, kept);
        }
        int exitCode = blocks.report("process " + pid, file, from, to, parallelism, System.out);
        return files.lost() ? FrontDoor.NO_VERDICT : exitCode;
    }

    /** Waits until the process ends, at most for a time. Returns whether the process has ended. */
    private static boolean ends(Jcmd jvm, Duration time) throws InterruptedException {
        try {
            var process = ProcessHandle.of(jvm.pid());
            if (process.isPresent()) {
                process.get().onExit().get(time.toNanos(), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
