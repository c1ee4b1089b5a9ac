package dev.cooperativetls.junit;

import dev.cooperativetls.junit.CarrierWatch.Seen;
import dev.cooperativetls.junit.CarrierWatch.Window;
import dev.cooperativetls.junit.Settings.Mode;
import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.CarrierHold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * The extension that judges tests. {@link ShouldNotHoldCarrier} and {@link ShouldHoldCarrier} register it. A class can
 * also register it with other rules:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final CarrierExtension CARRIERS = CarrierExtension.builder()
 *         .threshold(Duration.ofMillis(50)).allow("com.acme.Jni::load").build();
 * }</pre>
 *
 * <p>An annotation on a method or class replaces these rules. Such a registration takes no lock. If tests run in
 * parallel, add JUnit's {@code @Isolated} to the class. Thread-safe.
 */
public final class CarrierExtension
        implements BeforeTestExecutionCallback, AfterTestExecutionCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(CarrierExtension.class);

    /** If more than this of a carrier's busy time is unexplained, there may be no verdict. */
    private static final Duration UNEXPLAINED = Duration.ofMillis(100);

    private static CarrierWatch watch;
    private static Blind blind;

    private final Builder own;

    /**
     * A test that is judged.
     *
     * @param rule null if the test only uses {@link CarrierHolds}
     * @param blind the reason why the carriers cannot be observed, and then watch and window are null; null if they can
     */
    private record Case(Rule rule, Settings settings, CarrierWatch watch, Window window, Blind blind) {}

    /** Creates the extension for JUnit, because of an annotation or a service file. Use {@link #builder()} instead. */
    public CarrierExtension() {
        this(null);
    }

    private CarrierExtension(Builder own) {
        this.own = own;
    }

    /** Returns a builder of an extension with other rules. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder of an extension with rules for all tests of a class. Not thread-safe. */
    public static final class Builder {

        private Duration threshold;
        private final Set<Kind> kinds = EnumSet.of(Kind.NATIVE, Kind.PINNED);
        private final List<String> allow = new ArrayList<>();
        private final List<String> within = new ArrayList<>();

        private Builder() {}

        /** Sets the length from which a hold counts (default: as configured, or else 20 ms). */
        public Builder threshold(Duration time) {
            threshold = time;
            return this;
        }

        /** Sets the kinds of holds that count: see {@link ShouldNotHoldCarrier#kinds()}. */
        public Builder kinds(Kind... counted) {
            kinds.clear();
            kinds.addAll(List.of(counted));
            return this;
        }

        /** Adds methods in which a thread may hold its carrier: see {@link ShouldNotHoldCarrier#allow()}. */
        public Builder allow(String... methods) {
            allow.addAll(List.of(methods));
            return this;
        }

        /** Adds methods of which one must be on the stack: see {@link ShouldNotHoldCarrier#within()}. */
        public Builder within(String... methods) {
            within.addAll(List.of(methods));
            return this;
        }

        /** Returns the extension. If a value is invalid, each test fails with a message about it. */
        public CarrierExtension build() {
            return new CarrierExtension(this);
        }

        private Rule rule(Settings settings) {
            return Rule.noneShouldHold(threshold == null ? settings.threshold() : threshold, kinds, allow, within,
                    settings);
        }
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) throws InterruptedException {
        Settings settings = Settings.of(context::getConfigurationParameter);
        boolean byHand = Stream.of(context.getRequiredTestMethod().getParameterTypes())
                .anyMatch(CarrierHolds.class::equals);
        Optional<Rule> rule = settings.is(Mode.OFF) ? Optional.empty() : rule(context, settings);
        // Because of a service file, another instance of this class may already have begun the test.
        Case other = context.getStore(NAMESPACE).get(Case.class, Case.class);
        if (other == null && (rule.isPresent() || byHand)) {
            context.getStore(NAMESPACE).put(Case.class, begun(rule.orElse(null), settings));
        } else if (other != null && other.rule == null) {
            context.getStore(NAMESPACE).put(Case.class,
                    new Case(rule.orElse(null), settings, other.watch, other.window, other.blind));
        }
    }

    private static Case begun(Rule rule, Settings settings) throws InterruptedException {
        try {
            CarrierWatch started = started();
            return new Case(rule, settings, started, started.begin(), null);
        } catch (Blind e) {
            return new Case(rule, settings, null, null, e);
        }
    }

    /** Returns the rule of this test; empty if it has none. */
    private Optional<Rule> rule(ExtensionContext context, Settings settings) {
        List<Class<?>> classes = new ArrayList<>(List.of(context.getRequiredTestClass()));
        classes.addAll(context.getEnclosingTestClasses().reversed());
        Optional<Rule> annotated = Rule.annotated(context.getRequiredTestMethod(), classes, settings);
        if (annotated.isPresent()) {
            return annotated;
        }
        return own != null ? Optional.of(own.rule(settings)) : settings.mode().map(_ -> Rule.of(settings));
    }

    private static synchronized CarrierWatch started() throws Blind, InterruptedException {
        if (blind != null) {
            throw blind;
        }
        try {
            watch = watch == null ? CarrierWatch.start() : watch;
            return watch;
        } catch (Blind e) {
            blind = e;
            throw e;
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        Case judged = context.getStore(NAMESPACE).remove(Case.class, Case.class);
        if (judged == null) {
            return;
        }
        if (judged.rule == null) {
            if (judged.watch != null) {
                judged.watch.forget(judged.window);
            }
            return;
        }
        if (judged.blind != null) {
            noVerdict(context, judged, judged.blind.getMessage());
            return;
        }
        try (Seen seen = judged.watch.end(judged.window)) {
            judge(context, judged, seen);
        }
    }

    private static void judge(ExtensionContext context, Case judged, Seen seen) throws IOException {
        Rule rule = judged.rule;
        String test = name(context);
        List<CarrierHold> counted = seen.holds().stream().filter(rule::counts).toList();
        List<CarrierHold> holds = counted.stream()
                .filter(hold -> hold.kind() != Kind.NATIVE || !seen.mayWaitForCpu(hold)).toList();
        if (!seen.alone()) {
            noVerdict(context, judged, "another judged test ran at the same time, and it is not known which virtual"
                    + " thread belongs to which test; run such tests one after another");
        } else if (holds.isEmpty() && !counted.isEmpty()) {
            noVerdict(context, judged, "a virtual thread was in %s for %s, but its carrier may have waited for a CPU"
                    .formatted(counted.getFirst().frame(), HoldText.time(counted.getFirst().atLeast())));
        } else if (holds.isEmpty() && isTooMuchUnexplained(seen, rule)) {
            noVerdict(context, judged, "a carrier was busy for %s, and the flight recording hardly shows with what"
                    .formatted(HoldText.time(seen.unexplained())));
        } else if (rule.shouldHold() && holds.isEmpty()) {
            fail(context, judged, new AssertionError(kept(context, seen, HoldText.notHeld(test, rule, seen))));
        } else if (!rule.shouldHold() && !holds.isEmpty()) {
            ClassLoader loader = context.getRequiredTestClass().getClassLoader();
            CarrierHold first = holds.getFirst();
            String text = HoldText.held(test, rule, holds, seen, judged.window.isOlder(first));
            var error = new CarrierHeldError(kept(context, seen, text), first, loader);
            HoldText.places(holds).values().stream().map(List::getFirst).skip(1).forEach(hold -> error.addSuppressed(
                    new CarrierHeldError("%s %s in %s".formatted(HoldText.time(hold.atLeast()), hold.kind().word(),
                            hold.frame()), hold, loader)));
            fail(context, judged, error);
        } else if (!HoldText.sight(rule, seen).isEmpty()) {
            context.publishReportEntry("carriers", HoldText.sight(rule, seen).strip());
        }
    }

    private static boolean isTooMuchUnexplained(Seen seen, Rule rule) {
        return Stream.of(UNEXPLAINED, rule.threshold(), seen.shortestCertain().multipliedBy(3).dividedBy(2))
                .allMatch(time -> seen.unexplained().compareTo(time) > 0);
    }

    private static void fail(ExtensionContext context, Case judged, AssertionError error) {
        if (judged.settings.is(Mode.REPORT)) {
            context.publishReportEntry("carriers", error.getMessage());
        } else if (context.getExecutionException().isPresent()) {
            context.getExecutionException().get().addSuppressed(error); // the test has failed already
        } else {
            throw error;
        }
    }

    private static void noVerdict(ExtensionContext context, Case judged, String reason) {
        String message = "%s: no verdict on the carriers: %s".formatted(name(context), reason);
        if (judged.settings.is(Mode.REPORT)) {
            context.publishReportEntry("carriers", message);
        } else if (context.getExecutionException().isEmpty()) {
            if (judged.settings.blind() == Settings.Blind.FAIL) {
                throw new AssertionError(message);
            }
            throw new TestAbortedException(message);
        }
    }

    private static String name(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
    }

    /** Attaches the text and the flight recording to the test's report, and returns the text with the file's path. */
    private static String kept(ExtensionContext context, Seen seen, String text) {
        var file = new AtomicReference<Path>();
        try {
            context.publishDirectory("carriers", folder -> {
                file.set(folder.resolve("carriers.jfr"));
                Files.copy(seen.recording(), file.get(), StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(folder.resolve("carriers.txt"), text);
            });
            return text + "  Flight recording: " + file.get();
        } catch (RuntimeException e) {
            return text + "  The flight recording could not be attached: " + e.getMessage();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == CarrierHolds.class;
    }

    @Override
    public CarrierHolds resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Case judged = context.getStore(NAMESPACE).get(Case.class, Case.class);
        if (judged == null) {
            throw new ParameterResolutionException("only a test method can have a parameter of type CarrierHolds");
        }
        if (judged.blind != null) {
            noVerdict(context, judged, judged.blind.getMessage());
            throw new TestAbortedException(judged.blind.getMessage()); // in the mode that only reports
        }
        return new CarrierHolds(judged.watch, judged.window,
                judged.rule == null ? Rule.of(judged.settings) : judged.rule);
    }
}
