package dev.cooperativetls.verdict;

import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.events.Step;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Runs whose verdicts are known. They show that the judge works on this machine and with this JVM. If a control has
 * another verdict, do not trust a verdict on other code.
 */
public enum Control {
    /** Virtual threads that sleep: FAST. */
    A_SLEEP(Verdict.FAST, null),
    /** Virtual threads that wait in {@code poll(2)}: SLOW, and {@code poll} is the culprit. */
    A_WAIT_IN_NATIVE_CODE(Verdict.SLOW, Control.class.getName() + ".poll");

    private static final int PAGES = 6;
    private static final Duration WAIT = Duration.ofMillis(500);

    private final Verdict verdict;
    private final String culprit;

    Control(Verdict verdict, String culprit) {
        this.verdict = verdict;
        this.culprit = culprit;
    }

    /**
     * Runs this control in a new JVM.
     *
     * @param classPath the class path, with this module and its dependencies
     * @param javaHome the folder of the JDK that is judged
     * @param jvmOptions the JVM options of the program that is judged
     * @return the reason why the judge does not work, in one line; empty if it works
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Optional<String> failure(String classPath, Path javaHome, List<String> jvmOptions)
            throws InterruptedException {
        var first = new AtomicReference<>(""); // if a JVM does not start, its first line has the reason
        Consumer<String> output = line -> {
            if (!line.startsWith("NOTE:") && !line.startsWith("WARNING:")) {
                first.compareAndSet("", ": " + line);
            }
        };
        try {
            Observation seen = Observer.ofClassPath(classPath, Control.class.getName())
                    .onJdk(javaHome, output)
                    .jvmOptions("--enable-native-access=ALL-UNNAMED")
                    .jvmOptions(jvmOptions.toArray(String[]::new)).shortRun()
                    .arguments(name()).observe();
            if (!seen.verdict().equals(Optional.of(verdict))) {
                return Optional.of("%s is %s instead of %s: %s".formatted(this,
                        seen.verdict().map(Verdict::name).orElse("without a verdict"), verdict, seen.reason()));
            }
            Optional<CarrierBlock> seenCulprit = seen.culprit();
            return culprit == null || seenCulprit.filter(
                    block -> block.kind() == Kind.NATIVE && block.frame().equals(culprit)).isPresent()
                    ? Optional.empty() : Optional.of("%s is not seen in the flight recording".formatted(this));
        } catch (IOException e) {
            return Optional.of("%s: %s%s".formatted(this, e.getMessage(), first));
        }
    }

    /** Returns the name in words, such as {@code a sleep}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * Runs the program that is observed.
     *
     * @param args the name of the control, then the arguments that {@link Observer} adds
     */
    public static void main(String... args) throws IOException, InterruptedException {
        Control control = valueOf(args[0]);
        System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "1");
        // Loads the classes of the run before the clock starts.
        control.page(0, Duration.ZERO, System.nanoTime(), new PrintStream(OutputStream.nullOutputStream()));
        try (var events = new PrintStream(args[args.length - 1].replaceFirst("^--json=", ""))) {
            long start = System.nanoTime();
            events.println(new Start(Instant.now(), null, PAGES, null, 1, null, Runtime.version().toString(), null,
                    null, null).toJson());
            List<Thread> pages = IntStream.range(0, PAGES)
                    .mapToObj(id -> Thread.startVirtualThread(() -> control.page(id, WAIT, start, events))).toList();
            for (Thread page : pages) {
                page.join();
            }
            events.println(new End(Instant.now(), seconds(start), null, PAGES, 0, false, null).toJson());
        }
    }

    private void page(int id, Duration wait, long start, PrintStream events) {
        Map<Step, Double> times = new EnumMap<>(Step.class);
        times.put(Step.SENT, seconds(start));
        await(wait);
        times.put(Step.FIRST_BYTE, seconds(start));
        String event = Page.of(id, 200, 0, null, null, times).toJson();
        synchronized (events) {
            events.println(event);
        }
    }

    private void await(Duration time) {
        if (this == A_SLEEP) {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                throw new IllegalStateException("a page is never interrupted", e);
            }
        } else {
            poll(time);
        }
    }

    private static void poll(Duration time) {
        try {
            var _ = (int) Native.POLL.invokeExact(MemorySegment.NULL, 0L, (int) time.toMillis());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A separate class, because only the program needs native access, and not the JVM that observes it. */
    private static final class Native {

        private static final MethodHandle POLL = link();

        @SuppressWarnings("restricted") // the downcall is intended: nothing else is certain to wait in native code
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow("poll"), FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
