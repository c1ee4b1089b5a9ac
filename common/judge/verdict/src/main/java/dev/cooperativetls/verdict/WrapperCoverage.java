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
 * The blocking calls of a connection that a wrapper overrides, and those that it does not. Reflection finds them, and
 * nothing is run. Immutable.
 *
 * <pre>{@code
 * WrapperCoverage coverage = WrapperCoverage.of(CooperativeConnection.class, ForwardingConnection.class,
 *         Connection.class, WouldBlockException.class);
 * coverage.gaps();   // [readInto]
 * }</pre>
 *
 * @param covered the names of the blocking calls that the wrapper overrides, with parameter types if the contract has
 *     several of one name
 * @param gaps the names of the blocking calls that the wrapper does not override
 */
public record WrapperCoverage(SortedSet<String> covered, SortedSet<String> gaps) {

    public WrapperCoverage {
        covered = Collections.unmodifiableSortedSet(new TreeSet<>(covered));
        gaps = Collections.unmodifiableSortedSet(new TreeSet<>(gaps));
    }

    /**
     * Returns the coverage of a wrapper.
     *
     * @param wrapper the class to examine
     * @param base the superclass, which forwards the calls that the wrapper does not override
     * @param contract the type that both implement
     * @param wouldBlock the exception of a call that would have to wait; a public method of {@code contract} that
     *     declares it or a subclass is a blocking call
     * @throws IllegalArgumentException if {@code contract} has no blocking call, or the wrapper does not extend the
     *     base, or the base does not implement the contract
     */
    public static WrapperCoverage of(Class<?> wrapper, Class<?> base, Class<?> contract,
            Class<? extends Exception> wouldBlock) {
        if (wrapper == base || !base.isAssignableFrom(wrapper) || !contract.isAssignableFrom(base)) {
            throw new IllegalArgumentException("%s must extend %s, which must implement %s"
                    .formatted(wrapper.getName(), base.getName(), contract.getName()));
        }
        List<Method> blocking = Arrays.stream(contract.getMethods())
                .filter(call -> !Modifier.isStatic(call.getModifiers()))
                .filter(call -> Arrays.stream(call.getExceptionTypes()).anyMatch(wouldBlock::isAssignableFrom))
                .toList();
        if (blocking.isEmpty()) {
            throw new IllegalArgumentException("no method of %s declares %s"
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
            throw new IllegalStateException(e); // it is public in the contract, so it is public in the wrapper
        }
        return !found.getDeclaringClass().isAssignableFrom(base)
                && !Modifier.isAbstract(found.getModifiers())
                && (!found.isBridge() || leadsToAnOverride(found));
    }

    /**
     * Returns whether a bridge method leads to a method of the same class. Otherwise the compiler added the bridge only
     * to make a public method of a non-public superclass callable by reflection.
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
