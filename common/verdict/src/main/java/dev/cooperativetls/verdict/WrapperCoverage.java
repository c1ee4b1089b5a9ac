package dev.cooperativetls.verdict;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which of a connection's blocking calls a wrapper overrides, and which it leaves to its base: the write-up's bug, found
 * by reflection, without running anything.
 *
 * @param covered the blocking calls that the wrapper overrides, by name
 * @param gaps those that it leaves to its base
 */
public record WrapperCoverage(SortedSet<String> covered, SortedSet<String> gaps) {

    /**
     * Looks at a wrapper.
     *
     * @param wrapper the class to look at
     * @param base the class that forwards what the wrapper does not override
     * @param wouldBlock what a blocking call declares to throw when it would have to wait; calls of {@code contract} that
     *     declare it are the blocking calls
     * @param contract the type that both implement
     * @throws IllegalArgumentException if {@code contract} has no blocking call, or the wrapper does not extend the base
     */
    public static WrapperCoverage of(Class<?> wrapper, Class<?> base, Class<?> contract,
            Class<? extends Exception> wouldBlock) {
        if (wrapper == base || !base.isAssignableFrom(wrapper) || !contract.isAssignableFrom(base)) {
            throw new IllegalArgumentException("%s must extend %s, and that implement %s"
                    .formatted(wrapper.getName(), base.getName(), contract.getName()));
        }
        List<Method> blocking = Arrays.stream(contract.getMethods())
                .filter(call -> !Modifier.isStatic(call.getModifiers()))
                .filter(call -> Arrays.asList(call.getExceptionTypes()).contains(wouldBlock))
                .toList();
        if (blocking.isEmpty()) {
            throw new IllegalArgumentException("no call of %s declares %s"
                    .formatted(contract.getName(), wouldBlock.getName()));
        }
        SortedSet<String> covered = new TreeSet<>();
        SortedSet<String> gaps = new TreeSet<>();
        for (Method call : blocking) {
            (overrides(wrapper, base, call) ? covered : gaps).add(call.getName());
        }
        return new WrapperCoverage(covered, gaps);
    }

    private static boolean overrides(Class<?> wrapper, Class<?> base, Method call) {
        try {
            Class<?> declaring = wrapper.getMethod(call.getName(), call.getParameterTypes()).getDeclaringClass();
            return declaring != base && base.isAssignableFrom(declaring);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // public in the contract, so public in whatever implements it
        }
    }
}
