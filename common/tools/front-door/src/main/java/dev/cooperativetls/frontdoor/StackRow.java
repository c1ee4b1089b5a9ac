package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.Start;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A row of {@code judge stack}: the provider under one client, beside the JDK's own TLS under the same client.
 *
 * @param asked what was run
 * @param provider the run with the provider
 * @param jdk the run with the JDK's TLS
 */
record StackRow(Asked asked, Run provider, Run jdk) {

    private static final Pattern NO_EXPORT = Pattern.compile("module (\\S+) does not export (\\S+) to");
    private static final Pattern NO_OPENS = Pattern.compile("module (\\S+) does not \"opens (\\S+)\" to");

    /**
     * What to run.
     *
     * @param client its name
     * @param http the HTTP version by its ALPN name; null for whatever the client takes
     * @param http1 whether HTTP/1.1 alone is offered
     * @param javaHome the JDK
     */
    record Asked(String client, String http, boolean http1, Path javaHome) {

        @Override
        public String toString() {
            return http == null ? client : client + " " + http;
        }
    }

    /**
     * One run.
     *
     * @param start what the program said when it began; null if it did not begin
     * @param seen what was seen; null if the run failed
     * @param failure why it failed; null if it did not
     */
    record Run(Start start, Observation seen, String failure) {

        Optional<Verdict> verdict() {
            return seen == null ? Optional.empty() : seen.verdict();
        }

        /** Returns the verdict in a word, for a table. */
        String word() {
            return verdict().map(Verdict::name).orElse("none");
        }
    }

    /** Returns the culprit; empty if there is none. */
    Optional<CarrierBlock> culprit() {
        return provider.seen == null ? Optional.empty() : provider.seen.culprit();
    }

    /** Returns the HTTP version that served, or else the one that was asked for. */
    String http() {
        String served = provider.seen == null ? "" : provider.seen.pages().stream().map(page -> page.http())
                .filter(Objects::nonNull).distinct().sorted().collect(Collectors.joining(", "));
        return served.isEmpty() ? Objects.requireNonNullElse(asked.http, "-") : served;
    }

    /** Returns why there is no verdict, in one line; null if there is one. */
    String problem() {
        if (provider.failure != null) {
            return withAdvice(provider.failure);
        }
        if (provider.verdict().isPresent()) {
            return null;
        }
        return withAdvice(provider.seen.reason()
                + (provider.seen.invalid() == 0 ? "" : ", the first: " + Outcome.firstProblem(provider.seen)));
    }

    private static String withAdvice(String problem) {
        return adviceOn(problem).map(advice -> problem + "; " + advice).orElse(problem);
    }

    /** Returns what to do about a failure; empty if nobody knows. */
    private static Optional<String> adviceOn(String problem) {
        Matcher export = NO_EXPORT.matcher(problem);
        if (export.find()) {
            return Optional.of("give --jvm-option=--add-exports=%s/%s=ALL-UNNAMED"
                    .formatted(export.group(1), export.group(2)));
        }
        Matcher opens = NO_OPENS.matcher(problem);
        if (opens.find()) {
            return Optional.of("give --jvm-option=--add-opens=%s/%s=ALL-UNNAMED"
                    .formatted(opens.group(1), opens.group(2)));
        }
        if (problem.contains("UnsatisfiedLinkError")) {
            return Optional.of("set LD_LIBRARY_PATH to the folder of its native library");
        }
        if (problem.contains("a socket with a channel")) {
            return Optional.of("give --channel-sockets");
        }
        if (problem.contains("did not begin within")) {
            return Optional.of("it hangs in the provider's constructor or in the first handshake, which a thread dump"
                    + " of the process shows");
        }
        return problem.contains("certificate not trusted")
                ? Optional.of("if the provider cannot check the local server's CA, try --insecure") : Optional.empty();
    }

    /** Returns what a reader should know besides the verdict, and what to do, a line each. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        String problem = problem();
        if (problem != null) {
            remarks.add("no verdict: " + problem);
            return remarks;
        }
        Verdict verdict = provider.verdict().orElseThrow();
        boolean bad = verdict != Verdict.FAST;
        if (bad && jdk.verdict().equals(provider.verdict())) {
            remarks.add("%s on the JDK's TLS too: the client is to blame, such as its pool or its lock"
                    .formatted(verdict));
        } else if (bad && jdk.verdict().isEmpty()) {
            remarks.add("no verdict on the JDK's TLS, so nothing to compare with: %s".formatted(
                    jdk.failure == null ? jdk.seen.reason() : jdk.failure));
        }
        if (asked.http != null && !http().equals(asked.http)) {
            remarks.add("%s was asked for, and %s served".formatted(asked.http, http()));
        }
        remarks.addAll(provider.seen.remarks());
        if (bad) {
            culprit().map(culprit -> advice(culprit, provider.seen.pageCount())).ifPresent(remarks::add);
        }
        return remarks;
    }

    private static String advice(CarrierBlock culprit, int pages) {
        String carriers = "%s waits at once need %s carriers (-Djdk.virtualThreadScheduler.parallelism=%s)"
                .formatted(pages, pages, pages);
        return switch (culprit.kind()) {
            case NATIVE -> "it waits in native code: use the provider as an engine, as java.net.http does; or else "
                    + carriers;
            case PINNED -> "it parks below a native frame or a class initialiser, and keeps its carrier: call it on a"
                    + " platform thread; or else " + carriers;
            case COMPUTING -> "it uses the CPU: more carriers help only if there are more processors";
            case UNSEEN -> "no event tells what: look for garbage collection, and for waits inside the JVM";
        };
    }
}
