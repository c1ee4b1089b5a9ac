package dev.cooperativetls.verdict;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.ChildJvm;
import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.FlightRecording;
import dev.cooperativetls.events.MethodTime;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * An observer that runs a program in a new JVM. It reads the program's events, and a flight recording of what blocked
 * its carriers. If the JVM {@linkplain FlightRecording#missing cannot record}, nothing is known about the carriers.
 *
 * <pre>{@code
 * Observation seen = Observer.ofJar(Path.of("target/my-program.jar"))
 *         .arguments("--url", "https://localhost:8443/delay/1", "--url-count", "10", "--carriers", "1")
 *         .delaySeconds(1)
 *         .observe();
 * assertThat(seen).isFast();
 * }</pre>
 *
 * <p>The program must accept {@code --timeout SECONDS} and {@code --json=FILE}, and write one {@link Event} per line,
 * and nothing else, to that file. A program that ignores the file may print the events instead, one per line. All other
 * output of the program goes to the standard error of this JVM, unless {@link #onJdk} sets a listener.
 *
 * <p>Not thread-safe, but several observers may run at the same time.
 */
public final class Observer {

    private static final int BAD_USAGE = 2;
    /** The part of a HUNG run that counts must be long enough for several thread dumps. */
    private static final Duration SHORTEST_END = Duration.ofSeconds(2);
    private static final String EVENTS = "events.json";

    private final List<String> program;
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private Duration timeout = Duration.ofMinutes(2);
    /** How long the program may run beyond its timeout before it is ended. */
    private Duration grace = Duration.ofSeconds(30);
    private OptionalDouble delaySeconds = OptionalDouble.empty();
    private boolean records = true;
    private Gate gate;
    private Consumer<Start> onStart = _ -> {};
    private Consumer<Page> onPage = _ -> {};
    private Consumer<End> onEnd = _ -> {};
    private Consumer<Path> onRecording = _ -> {};
    private Path javaHome = ChildJvm.OWN_JDK;
    /** Null if the program shares the standard error of this JVM. */
    private Consumer<String> onOutput;

    private Observer(List<String> program) {
        this.program = program;
    }

    /** Returns an observer of {@code java -jar} with this jar. */
    public static Observer ofJar(Path jar) {
        return new Observer(List.of("-jar", jar.toString()));
    }

    /**
     * Returns an observer of {@code java -cp} with this class path and main class.
     *
     * @param classPath may have wildcards, as for {@code java}
     * @param mainClass the full name of the class
     */
    public static Observer ofClassPath(String classPath, String mainClass) {
        return new Observer(List.of("-cp", classPath, mainClass));
    }

    /** Adds options of the JVM; each call adds to those before. */
    public Observer jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    /** Adds {@link FetchRun#jvmOptions}: no second garbage collector, because a JVM accepts only one. */
    Observer shortRun() {
        jvmOptions.addAll(FetchRun.jvmOptions(jvmOptions));
        return this;
    }

    /** Adds arguments of the program; each call adds to those before. */
    public Observer arguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** Sets the run's timeout (default: two minutes). A run that takes longer is HUNG. */
    public Observer within(Duration time) {
        timeout = time;
        return this;
    }

    /** Sets the server's delay in seconds. Without it, the times of the pages are used. */
    public Observer delaySeconds(double seconds) {
        delaySeconds = OptionalDouble.of(seconds);
        return this;
    }

    /** Sets a listener for the start of the run. The thread that called {@link #observe} calls it. */
    public Observer onStart(Consumer<Start> listener) {
        onStart = listener;
        return this;
    }

    /** Sets a listener for each page that ends. The thread that called {@link #observe} calls it. */
    public Observer onPage(Consumer<Page> listener) {
        onPage = listener;
        return this;
    }

    /** A condition for the start of a run. */
    public interface Gate {
        /** Waits until the run may start. */
        void await() throws InterruptedException;
    }

    /**
     * Delays the run until {@link Gate#await} returns. Until then the program starts its JVM and warms up. The program
     * must accept {@code --start-on-line}, report {@link Event.Ready}, and then wait for a line on its standard input.
     *
     * @param awaited the gate; the thread that called {@link #observe} waits for it
     */
    public Observer startsAfter(Gate awaited) {
        gate = awaited;
        return this;
    }

    /**
     * Sets a listener for the end of the run. The thread that called {@link #observe} calls it, before the JVM of the
     * program has ended and before its recording is read. It is not called if the program has to be ended.
     */
    public Observer onEnd(Consumer<End> listener) {
        onEnd = listener;
        return this;
    }

    /**
     * Sets a listener for the flight recording, a file that is deleted when the listener returns. The thread that
     * called {@link #observe} calls it. It is not called if the program left no recording because it had to be killed.
     */
    public Observer onRecording(Consumer<Path> listener) {
        onRecording = listener;
        return this;
    }

    /**
     * Runs the program on another JDK (default: the JDK of this JVM), and sets a listener for its output.
     *
     * @param home the folder of the JDK
     * @param listener gets each line of the program's standard error, and each line of its standard output that is not
     *     an event; several threads call it
     */
    public Observer onJdk(Path home, Consumer<String> listener) {
        javaHome = home;
        onOutput = listener;
        return this;
    }

    /** Makes no flight recording, for tests. */
    Observer withoutRecording() {
        records = false;
        return this;
    }

    /** Sets how long the program may run beyond its timeout, for tests. */
    Observer withGrace(Duration time) {
        grace = time;
        return this;
    }

    /**
     * Runs the program and waits for its end. It is ended 30 s after its timeout if it has begun and does not end.
     *
     * @return everything that was observed
     * @throws ProgramRefused if the program does not accept its arguments
     * @throws IOException if the program cannot be started, never begins, ends before it is done, writes anything but
     *     events, or leaves no flight recording; its standard error may have the reason
     * @throws InterruptedException if the calling thread is interrupted; the program is ended
     */
    public Observation observe() throws IOException, InterruptedException {
        try (var scratch = new Scratch()) {
            Path recording = scratch.folder().resolve("run.jfr");
            List<String> childArguments = childArguments(scratch, recording);
            try (ChildJvm child = scratch.start(() -> start(childArguments), ChildJvm::end);
                    var lines = new EventLines(child, scratch.folder().resolve(EVENTS),
                            onOutput == null ? System.err::println : onOutput)) {
                Run run = follow(child, lines);
                child.end(); // the program writes its recording when it ends
                Observation seen = observation(run, recording, ChildJvm.command(javaHome, childArguments));
                if (Files.exists(recording)) {
                    onRecording.accept(recording);
                }
                return seen;
            }
        }
    }

    private ChildJvm start(List<String> childArguments) throws IOException {
        return onOutput == null ? ChildJvm.start(childArguments)
                : ChildJvm.start(javaHome, childArguments, onOutput);
    }

    private List<String> childArguments(Scratch scratch, Path recording) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (records()) {
            // In quotes, because a path may have a comma. Stacks of frameworks often exceed JFR's default of 64 frames.
            command.add("-XX:FlightRecorderOptions:stackdepth=512,repository=\"%s\"".formatted(scratch.folder()));
            command.add("-XX:StartFlightRecording:settings=\"%s\",filename=\"%s\",dumponexit=true"
                    .formatted(scratch.settings(), recording));
        }
        command.add("-Xlog:jfr+startup=error"); // otherwise the JVM prints that a recording has started
        command.addAll(jvmOptions);
        command.addAll(program);
        command.addAll(arguments);
        if (gate != null) {
            command.add("--start-on-line");
        }
        command.add("--timeout");
        command.add(String.format(Locale.ROOT, "%.3f", timeout.toMillis() / 1000.0));
        command.add("--json=" + scratch.folder().resolve(EVENTS));
        return command;
    }

    /** Returns whether the program makes a recording. Another JDK is assumed to be able to. */
    private boolean records() {
        return records && !jvmOptions.contains("-XX:-FlightRecorder")
                && (!javaHome.equals(ChildJvm.OWN_JDK) || FlightRecording.missing().isEmpty());
    }

    private record Run(Start start, List<Page> pages, End end, List<MethodTime> profile, List<Call> trace) {}

    private Run follow(ChildJvm child, EventLines lines) throws IOException, InterruptedException {
        Start start = null;
        End end = null;
        List<Page> pages = new ArrayList<>();
        List<MethodTime> profile = null;
        List<Call> trace = null;
        long deadline = System.nanoTime() + timeout.plus(grace).toNanos();
        for (Optional<String> line; (line = lines.next(until(deadline))).isPresent();) {
            switch (event(line.get())) {
                case Event.Ready _ -> {
                    if (gate != null) {
                        gate.await();
                    }
                    child.writeLine("");
                    deadline = System.nanoTime() + timeout.plus(grace).toNanos();
                }
                case Start begun -> {
                    start = begun;
                    onStart.accept(begun);
                }
                case Page page -> {
                    pages.add(page);
                    onPage.accept(page);
                }
                case End ended -> {
                    end = ended;
                    onEnd.accept(ended);
                    deadline = System.nanoTime() + grace.toNanos();
                }
                case Event.Profile methods -> profile = methods.methods();
                case Call call -> {
                    trace = trace == null ? new ArrayList<>() : trace;
                    trace.add(call);
                }
                case Event.Client _ -> { } // no part of a run
            }
        }
        OptionalInt exitCode = child.exitCode(until(deadline));
        if (start != null && end != null) {
            return new Run(start, pages, end, profile, trace);
        }
        if (exitCode.isPresent()) {
            if (exitCode.getAsInt() == BAD_USAGE && start == null) {
                throw new ProgramRefused();
            }
            throw new IOException(
                    "the program ended with exit code %s before it was done".formatted(exitCode.getAsInt()));
        }
        if (start == null) {
            throw new IOException("the program did not begin within %s s".formatted(timeout.plus(grace).toSeconds()));
        }
        double elapsed = Duration.between(start.time(), Instant.now()).toNanos() / 1e9;
        int valid = (int) pages.stream().filter(Page::valid).count();
        return new Run(start, pages, new End(null, elapsed, null, valid, start.urlCount() - valid, true, null),
                profile, trace);
    }

    private static Duration until(long deadline) {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    private static Event event(String line) throws IOException {
        try {
            return Event.parse(line);
        } catch (IllegalArgumentException e) {
            throw new IOException("the program wrote a line that is not an event: " + line, e);
        }
    }

    private Observation observation(Run run, Path recording, List<String> command) throws IOException {
        Start start = run.start;
        End end = run.end;
        return new Observation(start.urlCount(), run.pages, end.elapsedSeconds(), end.timedOut(), delaySeconds,
                OptionalInt.empty(), OptionalDouble.empty(), start.carriers(), end.socketClass(),
                Objects.toString(start.provider(), null), start.jdk(),
                records() ? carrierBlocks(run, recording) : List.of(),
                new Details(command, start.time(), end.cpuSeconds(), start.jars(), run.profile, run.trace));
    }

    private static List<CarrierBlock> carrierBlocks(Run run, Path recording) throws IOException {
        Duration elapsed = Duration.ofNanos((long) (run.end.elapsedSeconds() * 1e9));
        Duration counts = run.end.timedOut() ? atTheEnd(elapsed) : elapsed;
        try {
            return CarrierRecording.blocks(recording, run.start.time().plus(elapsed).minus(counts), counts,
                    run.start.carriers());
        } catch (IOException e) {
            if (run.end.timedOut()) {
                return List.of(); // the program had to be killed, and could not write its recording
            }
            throw new IOException("the program left no flight recording: check that its JVM can record and exits", e);
        }
    }

    /** Returns the part of a HUNG run that counts: what blocks at its end is to blame, and not what blocked before. */
    private static Duration atTheEnd(Duration elapsed) {
        Duration quarter = elapsed.dividedBy(4);
        Duration end = quarter.compareTo(SHORTEST_END) < 0 ? SHORTEST_END : quarter;
        return end.compareTo(elapsed) < 0 ? end : elapsed;
    }
}
