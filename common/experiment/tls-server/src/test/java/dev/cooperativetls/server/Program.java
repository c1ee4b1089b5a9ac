package dev.cooperativetls.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The packaged program in a separate process, which ends with the test. */
final class Program implements AutoCloseable {

    static final Path JAR = Path.of("target", "tls-server.jar");

    private final Process process;
    private final BufferedReader output;

    private Program(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    static Program run(String... arguments) throws IOException {
        return new Program(command(arguments).start());
    }

    static Program printingTo(File file, String... arguments) throws IOException {
        return new Program(command(arguments).redirectOutput(file).start());
    }

    private static ProcessBuilder command(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    String line() throws IOException {
        return output.readLine();
    }

    PrintWriter input() {
        return new PrintWriter(process.outputWriter(UTF_8), true);
    }

    List<String> errors() throws IOException {
        return process.errorReader(UTF_8).lines().toList();
    }

    void interrupt() {
        process.toHandle().destroy(); // Process.destroy() would also close the streams, which the test still reads.
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(Duration.ofSeconds(60))) {
            throw new IllegalStateException("the program does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
