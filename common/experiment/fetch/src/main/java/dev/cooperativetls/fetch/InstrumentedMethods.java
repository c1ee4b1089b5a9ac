package dev.cooperativetls.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/**
 * The methods that a profile or a trace shows. Each jar lists its own methods, and those of its libraries, in a
 * resource {@value #RESOURCE}: one {@code class::method} per line, with comments after {@code #}. So fetch does not
 * depend on the jars on its class path.
 */
final class InstrumentedMethods {

    static final String RESOURCE = "META-INF/cooperative-tls/instrumented-methods";

    private InstrumentedMethods() {}

    /** Returns all methods that the class path lists. */
    static List<String> of(ClassLoader classPath) {
        try {
            return Collections.list(classPath.getResources(RESOURCE)).stream()
                    .flatMap(resource -> lines(resource).stream())
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the class path cannot be searched for " + RESOURCE, e);
        }
    }

    /** Loads the classes of these methods before the run, because JFR rewrites a class when it is loaded. */
    static void load(List<String> methods, ClassLoader classPath) {
        for (String method : methods) {
            try {
                Class.forName(method.replaceFirst("::.*", ""), false, classPath);
            } catch (ClassNotFoundException | LinkageError _) {
                // A library that this class path does not have.
            }
        }
    }

    private static List<String> lines(URL resource) {
        try (var reader = new BufferedReader(new InputStreamReader(resource.openStream(), StandardCharsets.UTF_8))) {
            return reader.readAllLines();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: " + resource, e);
        }
    }
}
