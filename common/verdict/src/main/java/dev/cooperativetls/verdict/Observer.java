package dev.cooperativetls.verdict;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a program in a JVM of its own and observes it: its events, and by a flight recording what held its carriers.
 *
 * <p>The program must take {@code --timeout SECONDS} and {@code --json}, and print an event a line as {@code fetch} does:
 * {@code start}, a {@code page} each, {@code end}. Its standard error is passed on. Not thread-safe; several
 * observers may run at once.
 */
public final class Observer {

    /** What the program may take beyond its own bound to end, before it is ended. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final int BAD_USAGE = 2;

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> program;
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private Duration bound = Duration.ofMinutes(2);
    private OptionalDouble delaySeconds = OptionalDouble.empty();
    private Consumer<Page> onPage = _ -> {};

    private Observer(List<String> program) {
        this.program = program;
    }

    /** Observes {@code java -jar} of this jar. */
    public static Observer ofJar(Path jar) {
        return new Observer(List.of("-jar", jar.toString()));
    }

    /** Observes the main class on this class path, which may have wildcards. */
    public static Observer ofClassPath(String classPath, String mainClass) {
        return new Observer(List.of("-cp", classPath, mainClass));
    }

    /** Adds options for the JVM, before those of the program. */
    public Observer jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    /** Adds arguments for the program. */
    public Observer arguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** Bounds the run; 2 minutes unless told otherwise. A run that is not done by then is HUNG. */
    public Observer within(Duration time) {
        bound = time;
        return this;
    }

    /** Says how long the server holds each request. */
    public Observer delaySeconds(double seconds) {
        delaySeconds = OptionalDouble.of(seconds);
        return this;
    }

    /** Has each page told as it ends, in the thread that called {@link #observe}. */
    public Observer onPage(Consumer<Page> listener) {
        onPage = listener;
        return this;
    }

    /**
     * Runs the program to its end.
     *
     * @throws ProgramRefused if it does not take its arguments
     * @throws IOException if it cannot be started, or ends before it is done; its standard error tells why
     * @throws InterruptedException if the calling thread is interrupted; the program is ended
     */
    public Observation observe() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("cooperative-tls-");
        Process process = null;
        Thread atExit = null;
        try {
            Path recording = scratch.resolve("run.jfr");
            process = new ProcessBuilder(command(scratch, recording))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Process started = process;
            atExit = new Thread(() -> {
                end(started);
                delete(scratch);
            });
            Runtime.getRuntime().addShutdownHook(atExit);
            Events events = follow(process);
            return observation(events, recording);
        } finally {
            if (process != null) {
                end(process);
            }
            delete(scratch);
            if (atExit != null) {
                forget(atExit);
            }
        }
    }

    private List<String> command(Path scratch, Path recording) throws IOException {
        Path settings = scratch.resolve("holders.jfc");
        try (InputStream packaged = Observer.class.getResourceAsStream("holders.jfc")) {
            Files.copy(packaged, settings);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-UsePerfData"); // leaves no file behind, however the program ends
        command.add("-XX:FlightRecorderOptions:repository=" + scratch);
        command.add("-XX:StartFlightRecording:settings=%s,filename=%s,dumponexit=true".formatted(settings, recording));
        command.add("-Xlog:jfr+startup=off"); // or standard output would begin with it
        command.addAll(jvmOptions);
        command.addAll(program);
        command.addAll(arguments);
        command.add("--timeout");
        command.add(String.format(Locale.ROOT, "%.3f", bound.toMillis() / 1000.0));
        command.add("--json");
        return command;
    }

    private record Events(JsonNode start, List<Page> pages, JsonNode end) {}

    private Events follow(Process process) throws IOException, InterruptedException {
        Thread watchdog = Thread.ofPlatform().daemon().name("observer-bound").start(() -> {
            try {
                if (!process.waitFor(bound.plus(GRACE))) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                // The run is over.
            }
        });
        JsonNode start = null;
        JsonNode end = null;
        List<Page> pages = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = JSON.readTree(line);
                switch (event.path("event").asString("")) {
                    case "start" -> start = event;
                    case "page" -> {
                        Page page = JSON.treeToValue(event, Page.class);
                        pages.add(page);
                        onPage.accept(page);
                    }
                    case "end" -> end = event;
                    default -> throw new IOException("not an event of the program's: " + line);
                }
            }
            int exitCode = process.waitFor();
            if (exitCode == BAD_USAGE) {
                throw new ProgramRefused();
            }
            if (start == null || end == null) {
                throw new IOException("the program ended with exit code %d before it was done".formatted(exitCode));
            }
        } catch (JacksonException e) {
            throw new IOException("the program printed something else than events: " + e.getOriginalMessage(), e);
        } finally {
            watchdog.interrupt();
        }
        return new Events(start, pages, end);
    }

    private Observation observation(Events events, Path recording) throws IOException {
        int carriers = events.start.path("carriers").asInt();
        double elapsed = events.end.path("elapsedSeconds").asDouble();
        JsonNode provider = events.start.path("provider");
        List<Holder> holders = Files.exists(recording)
                ? CarrierRecording.holders(recording, Instant.parse(events.start.path("time").asString()),
                        Duration.ofNanos((long) (elapsed * 1e9)), carriers)
                : List.of();
        return new Observation(events.start.path("urlCount").asInt(), events.pages, elapsed,
                events.end.path("timedOut").asBoolean(), delaySeconds, OptionalInt.empty(), OptionalDouble.empty(),
                carriers, events.end.path("socketClass").asString(null),
                "%s: %s".formatted(provider.path("name").asString(), provider.path("info").asString()),
                events.start.path("jdk").asString(), holders);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // The JVM is ending, and the hook with it.
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + folder, e);
        }
    }
}
