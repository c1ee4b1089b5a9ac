package dev.cooperativetls.frontdoor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs the script as a user does. */
public final class RunStagesScript {

    /** The repository's root: the tests of a module run in its folder. */
    public static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();

    private RunStagesScript() {}

    public record Result(int exitCode, String out, String err) {}

    public static Result run(String arguments) throws IOException, InterruptedException {
        return bash(ROOT, "./run-stages " + arguments);
    }

    /** Returns a shell for commands in a folder. The {@code java} on its PATH is the one that runs this test. */
    public static ProcessBuilder shell(Path folder, String commands) {
        ProcessBuilder shell = new ProcessBuilder("bash", "-ec", commands).directory(folder.toFile());
        shell.environment().merge("PATH", Path.of(System.getProperty("java.home"), "bin").toString(),
                (path, java) -> java + File.pathSeparator + path);
        return shell;
    }

    /** Runs commands in a folder, for at most five minutes. */
    public static Result bash(Path folder, String commands) throws IOException, InterruptedException {
        return result(shell(folder, commands));
    }

    /** Runs a process to its end, for at most five minutes. */
    public static Result result(ProcessBuilder command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("run-stages-", ".out");
        Path err = Files.createTempFile("run-stages-", ".err");
        try {
            Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroy();
                throw new IOException("not done within 5 minutes: " + command.command());
            }
            return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
