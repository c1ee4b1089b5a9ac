package dev.cooperativetls.junit;

import dev.cooperativetls.recorder.CarrierBlock.Kind;
import dev.cooperativetls.recorder.CarrierHold;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The rule for a test.
 *
 * @param shouldHold true if a thread should hold its carrier, false if no thread should
 * @param threshold shorter holds do not count
 * @param kinds the kinds of holds that count
 * @param allow a hold with one of these methods on the stack does not count
 * @param wanted only holds with one of these methods on the stack count; if empty, all count
 */
record Rule(boolean shouldHold, Duration threshold, Set<Kind> kinds, Methods allow, Methods wanted) {

    Rule {
        if (kinds.isEmpty() || kinds.contains(Kind.UNSEEN)) {
            throw new ExtensionConfigurationException("kinds must be one or more of NATIVE, PINNED and COMPUTING");
        }
        if (!threshold.isPositive()) {
            throw new ExtensionConfigurationException("threshold must be positive, not " + threshold.toNanos() + " ns");
        }
    }

    /** Returns the rule for tests without another rule. */
    static Rule of(Settings settings) {
        return noneShouldHold(settings.threshold(), EnumSet.of(Kind.NATIVE, Kind.PINNED), List.of(), List.of(),
                settings);
    }

    /**
     * Returns the rule that no thread should hold its carrier.
     *
     * @param allow patterns that are added to the configured ones
     * @param within patterns that replace the configured ones, if there are any
     */
    static Rule noneShouldHold(Duration threshold, Set<Kind> kinds, List<String> allow, List<String> within,
            Settings settings) {
        Methods wanted = Methods.of("within", within);
        return new Rule(false, threshold, kinds, Methods.of("allow", allow).and(settings.allow()),
                wanted.isEmpty() ? settings.within() : wanted);
    }

    /**
     * Returns the rule of the annotation on the method, or else on its class, or else on an enclosing class.
     *
     * @param classes the class of the test, then its enclosing classes
     * @throws ExtensionConfigurationException if there are two annotations at one place, or a value is invalid
     */
    static Optional<Rule> annotated(Method method, List<Class<?>> classes, Settings settings) {
        List<AnnotatedElement> places = new ArrayList<>(List.of(method));
        places.addAll(classes);
        return places.stream().flatMap(place -> annotated(place, settings).stream()).findFirst();
    }

    private static Optional<Rule> annotated(AnnotatedElement place, Settings settings) {
        Optional<ShouldNotHoldCarrier> none = find(place, ShouldNotHoldCarrier.class);
        Optional<ShouldHoldCarrier> one = find(place, ShouldHoldCarrier.class);
        if (none.isPresent() && one.isPresent()) {
            throw new ExtensionConfigurationException(
                    "%s has both @ShouldNotHoldCarrier and @ShouldHoldCarrier: remove one".formatted(place));
        }
        return none.map(rule -> of(rule, settings)).or(() -> one.map(rule -> of(rule, settings)));
    }

    private static <A extends Annotation> Optional<A> find(AnnotatedElement place, Class<A> type) {
        return AnnotationSupport.findAnnotation(place, type);
    }

    private static Rule of(ShouldNotHoldCarrier rule, Settings settings) {
        return noneShouldHold(threshold(rule.threshold(), rule.unit(), settings), kinds(rule.kinds()),
                List.of(rule.allow()), List.of(rule.within()), settings);
    }

    private static Rule of(ShouldHoldCarrier rule, Settings settings) {
        return new Rule(true, threshold(rule.threshold(), rule.unit(), settings),
                kinds(rule.kinds()), Methods.NONE, Methods.of("by", List.of(rule.by())));
    }

    private static Duration threshold(long number, TimeUnit unit, Settings settings) {
        return number == ShouldNotHoldCarrier.AS_CONFIGURED ? settings.threshold()
                : Duration.ofNanos(unit.toNanos(number));
    }

    private static Set<Kind> kinds(Kind... kinds) {
        Set<Kind> set = EnumSet.noneOf(Kind.class);
        set.addAll(List.of(kinds));
        return set;
    }

    /** Returns whether the hold counts by this rule. */
    boolean counts(CarrierHold hold) {
        return hold.atLeast().compareTo(threshold) >= 0 && kinds.contains(hold.kind()) && !hold.compensated()
                && !hold.inTheJvm() && !allow.isOnStackOf(hold) && (wanted.isEmpty() || wanted.isOnStackOf(hold));
    }
}
