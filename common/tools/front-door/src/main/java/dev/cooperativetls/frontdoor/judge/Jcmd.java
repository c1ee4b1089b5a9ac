package dev.cooperativetls.frontdoor.judge;

import dev.cooperativetls.events.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JDK's {@code jcmd} for a running JVM.
 *
 * @param pid the process ID of the JVM
 */
record Jcmd(long pid) {

    private static final Pattern JDK = Pattern.compile("^JDK (?<feature>\\d+)", Pattern.MULTILINE);

    private static final Pattern PARALLELISM = Pattern.compile("parallelism = (\\d+)");

    /** A JVM that {@code jcmd} lists. */
    record Listed(long pid, String program) {}

    /** Returns the JVMs of this user, except this one. */
    static List<Listed> all() throws IOException, InterruptedException {
        List<Listed> all = new ArrayList<>();
        for (String line : run(List.of("-l")).lines().toList()) {
            String[] parts = line.split(" ", 2);
            boolean own = parts.length == 2 && (parts[1].startsWith("jdk.jcmd/")
                    || parts[0].equals(Long.toString(ProcessHandle.current().pid())));
            if (parts[0].matches("\\d+") && !own) {
                all.add(new Listed(Long.parseLong(parts[0]), parts.length == 2 ? parts[1] : ""));
            }
        }
        return all;
    }

    /**
     * Checks that the JVM can be recorded.
     *
     * @throws IOException if it cannot be recorded; the message gives the reason
     */
    void check() throws IOException, InterruptedException {
        if (ProcessHandle.of(pid).isEmpty()) {
            throw new IOException("there is no process %s: see judge process --list".formatted(pid));
        }
        String version = command("VM.version");
        Matcher jdk = JDK.matcher(version);
        if (!jdk.find()) {
            throw new IOException("process %s does not report the version of its JDK".formatted(pid));
        }
        if (Integer.parseInt(jdk.group("feature")) < BlockOptions.OLDEST_JDK) {
            throw new IOException("process %s runs on JDK %s, but virtual threads need JDK %s or later"
                    .formatted(pid, jdk.group("feature"), BlockOptions.OLDEST_JDK));
        }
    }

    /**
     * Returns the parallelism of the virtual threads' scheduler; empty if the JVM does not report it, as before JDK 24.
     * Call this method late, because the request creates the scheduler if the JVM has none yet.
     */
    OptionalInt parallelism() throws InterruptedException {
        try {
            Matcher scheduler = PARALLELISM.matcher(command("Thread.vthread_scheduler"));
            return scheduler.find() ? OptionalInt.of(Integer.parseInt(scheduler.group(1))) : OptionalInt.empty();
        } catch (IOException _) {
            return OptionalInt.empty();
        }
    }

    /**
     * Sends a diagnostic command to the JVM.
     *
     * @return the output of the command
     * @throws IOException if {@code jcmd} cannot attach to the JVM, or the command fails; the message gives the reason
     */
    String command(String... command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(pid)));
        arguments.addAll(List.of(command));
        String printed = run(arguments);
        if (printed.contains("Unknown diagnostic command") || printed.contains("Flight Recorder has been disabled")
                || printed.contains("Flight Recorder is disabled")) {
            throw new IOException("process %s cannot record: Flight Recorder is switched off in it".formatted(pid));
        }
        if (printed.contains("Exception: ") || printed.contains("Could not ")) {
            throw new IOException("process %s: %s".formatted(pid, reason(printed)));
        }
        return printed;
    }

    private static String run(List<String> arguments) throws IOException, InterruptedException {
        Path jcmd = ChildJvm.OWN_JDK.resolve("bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            throw new IOException("%s is missing: the build used a JRE; set JAVA_HOME to a JDK".formatted(jcmd));
        }
        List<String> command = new ArrayList<>(List.of(jcmd.toString(), "-J-XX:-UsePerfData"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 && !arguments.getFirst().equals("-l")) {
            throw new IOException("jcmd cannot attach to process %s: %s".formatted(arguments.getFirst(),
                    reason(printed)));
        }
        return printed;
    }

    /** Returns the line that gives the reason, without the class of the exception. */
    private static String reason(String printed) {
        return printed.lines().filter(line -> line.contains("Exception: ") || line.contains("Could not "))
                .findFirst().or(() -> printed.lines().skip(1).findFirst()).orElse("jcmd gives no reason")
                .replaceFirst("^\\S*Exception: ", "")
                .replaceFirst("pid: \\d+ cmd: .* state is not", "it is not a JVM, or not")
                .strip();
    }
}
