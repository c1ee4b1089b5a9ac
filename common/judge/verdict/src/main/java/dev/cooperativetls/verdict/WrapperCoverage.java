package dev.cooperativetls.verdict;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which of a connection's blocking calls a wrapper overrides, and which it leaves to its base: the write-up's bug,
 * found by reflection, without running anything.
 *
 * @param covered the blocking calls that the wrapper overrides: by name, and with their parameters where the contract
 *     has several of that name
 * @param gaps those that it leaves to its base
 */
public record WrapperCoverage(SortedSet<String> covered, SortedSet<String> gaps) {

    public WrapperCoverage {
        covered = Collections.unmodifiableSortedSet(new TreeSet<>(covered));
        gaps = Collections.unmodifiableSortedSet(new TreeSet<>(gaps));
    }

    /**
     * Looks at a wrapper.
     *
     * @param wrapper the class to look at
     * @param base the class that forwards what the wrapper does not override
     * @param wouldBlock what a blocking call declares to throw when it would have to wait; public calls
     *     of {@code contract} that declare it, or a kind of it, are the blocking calls
     * @param contract the type that both implement
     * @throws IllegalArgumentException if {@code contract} has no blocking call, or the wrapper does not extend the
     *     base
     */
    public static WrapperCoverage of(Class<?> wrapper, Class<?> base, Class<?> contract,
            Class<? extends Exception> wouldBlock) {
        if (wrapper == base || !base.isAssignableFrom(wrapper) || !contract.isAssignableFrom(base)) {
            throw new IllegalArgumentException("%s must extend %s, and that implement %s"
                    .formatted(wrapper.getName(), base.getName(), contract.getName()));
        }
        List<Method> blocking = Arrays.stream(contract.getMethods())
                .filter(call -> !Modifier.isStatic(call.getModifiers()))
                .filter(call -> Arrays.stream(call.getExceptionTypes()).anyMatch(wouldBlock::isAssignableFrom))
                .toList();
        if (blocking.isEmpty()) {
            throw new IllegalArgumentException("no call of %s declares %s"
                    .formatted(contract.getName(), wouldBlock.getName()));
        }
        SortedSet<String> covered = new TreeSet<>();
        SortedSet<String> gaps = new TreeSet<>();
        for (Method call : blocking) {
            (overrides(wrapper, base, call) ? covered : gaps).add(name(call, blocking));
        }
        return new WrapperCoverage(covered, gaps);
    }

    private static String name(Method call, List<Method> blocking) {
        boolean alone = blocking.stream().filter(other -> other.getName().equals(call.getName())).count() == 1;
        return alone ? call.getName() : call.getName() + Arrays.stream(call.getParameterTypes())
                .map(Class::getSimpleName).collect(Collectors.joining(", ", "(", ")"));
    }

    private static boolean overrides(Class<?> wrapper, Class<?> base, Method call) {
        Method found;
        try {
            found = wrapper.getMethod(call.getName(), call.getParameterTypes());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // public in the contract, so public in whatever implements it
        }
        return !found.getDeclaringClass().isAssignableFrom(base)
                && !Modifier.isAbstract(found.getModifiers())
                && (!found.isBridge() || leadsToAnOverride(found));
    }

    /**
     * Whether a bridge leads to a method that is written beside it. One that does not was made by the compiler, only so
     * that a public method of a base class that is not public can be called by reflection.
     */
    private static boolean leadsToAnOverride(Method bridge) {
        return Arrays.stream(bridge.getDeclaringClass().getDeclaredMethods())
                .filter(method -> !method.isBridge() && method.getName().equals(bridge.getName()))
                .anyMatch(method -> agree(bridge.getParameterTypes(), method.getParameterTypes()));
    }

    private static boolean agree(Class<?>[] general, Class<?>[] special) {
        return general.length == special.length
                && IntStream.range(0, general.length).allMatch(i -> general[i].isAssignableFrom(special[i]));
    }
}
