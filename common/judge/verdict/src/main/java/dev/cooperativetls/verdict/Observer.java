package dev.cooperativetls.verdict;

import dev.cooperativetls.recorder.Call;
import dev.cooperativetls.recorder.CarrierRecording;
import dev.cooperativetls.recorder.Holder;
import dev.cooperativetls.recorder.Instrument;
import dev.cooperativetls.recorder.MethodTime;
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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a program in a JVM of its own and observes it: its events, and by a flight recording what held its carriers.
 * Where the Flight Recorder {@linkplain Instrument#missing is missing}, nobody is seen to hold them.
 *
 * <p>The program must take {@code --timeout SECONDS} and {@code --json}, and print an event a line as {@code fetch}
 * does: {@code start}, a {@code page} each, {@code end}, and then {@code profile} and {@code call} events if it was asked
 * for them. Its standard error is passed on. Not thread-safe; several
 * observers may run at once.
 */
public final class Observer {

    private static final int BAD_USAGE = 2;

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> program;
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private Duration bound = Duration.ofMinutes(2);
    /** What the program may take beyond its own bound to end, before it is ended. */
    private Duration grace = Duration.ofSeconds(30);
    private OptionalDouble delaySeconds = OptionalDouble.empty();
    private Consumer<Start> onStart = _ -> {};
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

    /** Has the beginning of the run told, in the thread that called {@link #observe}. */
    public Observer onStart(Consumer<Start> listener) {
        onStart = listener;
        return this;
    }

    /** Has each page told as it ends, in the thread that called {@link #observe}. */
    public Observer onPage(Consumer<Page> listener) {
        onPage = listener;
        return this;
    }

    /** For tests, which cannot wait that long. */
    Observer withGrace(Duration time) {
        grace = time;
        return this;
    }

    /**
     * Runs the program to its end. One that has begun but is not done within its bound, or some time later, is ended.
     *
     * @throws ProgramRefused if it does not take its arguments
     * @throws IOException if it cannot be started, never begins, ends before it is done, prints something else than
     *     events, or leaves no flight recording; its standard error may tell why
     * @throws InterruptedException if the calling thread is interrupted; the program is ended
     */
    public Observation observe() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("cooperative-tls-");
        Process process = null;
        Thread atExit = null;
        try {
            Path recording = scratch.resolve("run.jfr");
            List<String> command = command(scratch, recording);
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Process started = process;
            atExit = new Thread(() -> {
                end(started);
                delete(scratch);
            });
            Runtime.getRuntime().addShutdownHook(atExit);
            Events events = follow(process);
            end(process);
            return observation(events, recording, command);
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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-UsePerfData"); // leaves no file behind, however the program ends
        if (records()) {
            Path settings = scratch.resolve("carriers.jfc");
            try (InputStream packaged = CarrierRecording.settings()) {
                Files.copy(packaged, settings);
            }
            // In quotes, since a path may have a comma.
            command.add("-XX:FlightRecorderOptions:repository=\"%s\"".formatted(scratch));
            command.add("-XX:StartFlightRecording:settings=\"%s\",filename=\"%s\",dumponexit=true"
                    .formatted(settings, recording));
        }
        // What the JVM itself has to say goes to standard error: standard output is for events alone.
        command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:jfr+startup=error:stderr"));
        command.addAll(jvmOptions);
        command.addAll(program);
        command.addAll(arguments);
        command.add("--timeout");
        command.add(String.format(Locale.ROOT, "%.3f", bound.toMillis() / 1000.0));
        command.add("--json");
        return command;
    }

    /** The program's runtime is ours. */
    private boolean records() {
        return Instrument.missing().isEmpty() && !jvmOptions.contains("-XX:-FlightRecorder");
    }

    private record End(double elapsedSeconds, Double cpuSeconds, boolean timedOut, String socketClass) {}

    private record Profile(List<MethodTime> methods) {}

    private record Events(Start start, List<Page> pages, End end, List<MethodTime> profile, List<Call> trace) {}

    private Events follow(Process process) throws IOException, InterruptedException {
        // Read in a thread of its own, since neither an interrupt nor a time-out ends a read from a pipe.
        BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(1_000);
        Thread reader = Thread.ofPlatform().daemon().name("observer-lines").start(() -> read(process, lines));
        Start start = null;
        End end = null;
        List<Page> pages = new ArrayList<>();
        List<MethodTime> profile = null;
        List<Call> trace = null;
        long deadline = System.nanoTime() + bound.plus(grace).toNanos();
        try {
            for (Optional<String> line; (line = next(lines, deadline)).isPresent();) {
                JsonNode event = event(line.get());
                switch (event.path("event").asString("")) {
                    case "start" -> {
                        start = started(event);
                        onStart.accept(start);
                    }
                    case "page" -> {
                        Page page = as(Page.class, event);
                        pages.add(page);
                        onPage.accept(page);
                    }
                    case "end" -> {
                        end = as(End.class, event);
                        deadline = System.nanoTime() + grace.toNanos();
                    }
                    case "profile" -> profile = as(Profile.class, event).methods;
                    case "call" -> {
                        trace = trace == null ? new ArrayList<>() : trace;
                        trace.add(as(Call.class, event));
                    }
                    default -> throw notAnEvent(line.get(), null);
                }
            }
        } finally {
            reader.interrupt();
        }
        boolean ended = process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (start != null && end != null) {
            return new Events(start, pages, end, profile, trace);
        }
        if (ended && process.exitValue() == BAD_USAGE && start == null) {
            throw new ProgramRefused();
        }
        if (ended) {
            throw new IOException(
                    "the program ended with exit code %d before it was done".formatted(process.exitValue()));
        }
        if (start == null) {
            throw new IOException("the program did not begin within %d s".formatted(bound.plus(grace).toSeconds()));
        }
        double elapsed = Duration.between(start.time(), Instant.now()).toNanos() / 1e9;
        return new Events(start, pages, new End(elapsed, null, true, null), profile, trace);
    }

    private static void read(Process process, BlockingQueue<Optional<String>> lines) {
        try {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.put(Optional.of(line));
                }
            } catch (IOException _) {
                // The program was ended, and its output with it.
            }
            lines.put(Optional.empty());
        } catch (InterruptedException _) {
            // Nobody listens any more.
        }
    }

    /** The next line; nothing if there is none, or none in time. */
    private static Optional<String> next(BlockingQueue<Optional<String>> lines, long deadline)
            throws InterruptedException {
        long left = deadline - System.nanoTime();
        Optional<String> line = left > 0 ? lines.poll(left, TimeUnit.NANOSECONDS) : null;
        return line == null ? Optional.empty() : line;
    }

    private static JsonNode event(String line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw notAnEvent(line, e);
        }
    }

    private static Start started(JsonNode event) throws IOException {
        Start start = as(Start.class, event);
        if (start.time() == null || start.urlCount() < 1 || start.carriers() < 1) {
            throw notAnEvent(event.toString(), null);
        }
        return start;
    }

    private static <T> T as(Class<T> type, JsonNode event) throws IOException {
        try {
            return JSON.treeToValue(event, type);
        } catch (JacksonException e) {
            throw notAnEvent(event.toString(), e);
        }
    }

    private static IOException notAnEvent(String line, JacksonException cause) {
        return new IOException("the program printed what is no event: " + line, cause);
    }

    private Observation observation(Events events, Path recording, List<String> command) throws IOException {
        Start start = events.start;
        End end = events.end;
        return new Observation(start.urlCount(), events.pages, end.elapsedSeconds, end.timedOut, delaySeconds,
                OptionalInt.empty(), OptionalDouble.empty(), start.carriers(), end.socketClass,
                Objects.toString(start.provider(), null), start.jdk(),
                records() ? holders(events, recording) : List.of(),
                new Details(command, start.time(), end.cpuSeconds, start.jars(), events.profile, events.trace));
    }

    private static List<Holder> holders(Events events, Path recording) throws IOException {
        Duration elapsed = Duration.ofNanos((long) (events.end.elapsedSeconds * 1e9));
        try {
            return CarrierRecording.holders(recording, events.start.time(), elapsed, events.start.carriers());
        } catch (IOException e) {
            if (events.end.timedOut) {
                return List.of(); // it had to be killed, and could not write its recording
            }
            throw new IOException("the program left no flight recording; does its JVM record, and does it exit?", e);
        }
    }

    /** Ends it, politely first: so that it writes its recording, and cleans up. */
    private static void end(Process process) {
        process.destroy();
        // Unlike waitFor, this is not to be interrupted: nothing may be left behind.
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        if (process.isAlive()) {
            process.destroyForcibly().onExit().join();
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // The JVM is ending, and the hook with it.
        }
    }

    /** One at a time: on Ctrl-C the hook and the observing thread both come here. */
    private static synchronized void delete(Path folder) {
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
