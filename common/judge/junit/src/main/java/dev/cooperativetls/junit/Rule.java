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
 * What a test is judged by.
 *
 * @param shouldHold whether a thread should hold its carrier, rather than none
 * @param wanted the methods of which one must be on the stack, or a hold does not count; if empty, all count
 */
record Rule(boolean shouldHold, Duration threshold, Set<Kind> kinds, Methods allow, Methods wanted) {

    Rule {
        if (kinds.isEmpty() || kinds.contains(Kind.UNSEEN)) {
            throw new ExtensionConfigurationException("kinds takes NATIVE, PINNED and COMPUTING, at least one of them");
        }
        if (!threshold.isPositive()) {
            throw new ExtensionConfigurationException("threshold takes a time from 1 on, not " + threshold.toNanos());
        }
    }

    /** Returns the rule for tests that have no other. */
    static Rule of(Settings settings) {
        return noneShouldHold(settings.threshold(), EnumSet.of(Kind.NATIVE, Kind.PINNED), List.of(), List.of(),
                settings);
    }

    /**
     * Returns the rule that no thread should hold its carrier.
     *
     * @param allow what is allowed besides what is configured
     * @param within what replaces what is configured, if it is not empty
     */
    static Rule noneShouldHold(Duration threshold, Set<Kind> kinds, List<String> allow, List<String> within,
            Settings settings) {
        Methods wanted = Methods.of("within", within);
        return new Rule(false, threshold, kinds, Methods.of("allow", allow).and(settings.allow()),
                wanted.isEmpty() ? settings.within() : wanted);
    }

    /**
     * Returns the rule that an annotation of the method states, or of its class, or of a class around that.
     *
     * @param classes the class of the test, then those around it
     * @throws ExtensionConfigurationException if there is a contradiction in it, or a value makes no sense
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

    /** Returns whether this counts: long enough, of a kind that counts, at a place that counts, and felt by others. */
    boolean counts(CarrierHold hold) {
        return hold.atLeast().compareTo(threshold) >= 0 && kinds.contains(hold.kind()) && !hold.compensated()
                && !hold.inTheJvm() && !allow.isOnStackOf(hold) && (wanted.isEmpty() || wanted.isOnStackOf(hold));
    }
}
