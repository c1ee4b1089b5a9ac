package dev.cooperativetls.detectors;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The method that a detector's report blames. */
final class Culprit {

    private static final Pattern FRAME = Pattern.compile(
            "\\s*(?:\\S+/)?(?<type>(?:[\\w$]+\\.)+)(?<method>[\\w$<>]+)\\(.*");
    private static final Pattern OF_JDK = Pattern.compile("(java|javax|jdk|sun)\\..*");

    private Culprit() {}

    /** Returns the first frame that is not the JDK's, as Markdown code and without its package. */
    static String in(Stream<String> frames) {
        Optional<String> first = frames.map(FRAME::matcher)
                .filter(Matcher::matches)
                .filter(frame -> !OF_JDK.matcher(frame.group("type")).matches())
                .map(frame -> simple(frame.group("type") + frame.group("method")))
                .findFirst();
        return first.orElseThrow(() -> new IllegalStateException("it names no method outside the JDK"));
    }

    /** Returns a class and its method, as Markdown code and without the package. */
    static String simple(String method) {
        return "`" + method.replaceFirst("^.*\\.(?=[^.]+\\.[^.]+$)", "") + "`";
    }
}
