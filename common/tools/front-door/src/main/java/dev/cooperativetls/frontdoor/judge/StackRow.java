package dev.cooperativetls.frontdoor.judge;

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
 * A row of {@code judge stack}: the run of the provider under a client, and that of the JDK's own TLS under the same
 * client.
 *
 * @param asked the client, the HTTP version and the JDK
 * @param provider the run with the provider
 * @param jdk the run with the JDK's TLS
 */
record StackRow(Asked asked, Run provider, Run jdk) {

    private static final Pattern NO_EXPORT = Pattern.compile("module (\\S+) does not export (\\S+) to");
    private static final Pattern NO_OPENS = Pattern.compile("module (\\S+) does not \"opens (\\S+)\" to");

    /**
     * The client, the HTTP version and the JDK of a row.
     *
     * @param client the name of the client
     * @param http the ALPN name of the HTTP version; null if the client chooses
     * @param http1 whether only HTTP/1.1 is offered
     * @param javaHome the folder of the JDK
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
     * @param start the event that the program printed at its start; null if it did not start
     * @param seen the observation; null if the run failed
     * @param failure why the run failed; null if it did not
     */
    record Run(Start start, Observation seen, String failure) {

        Optional<Verdict> verdict() {
            return seen == null ? Optional.empty() : seen.verdict();
        }

        /** Returns the verdict as a word for a table. */
        String word() {
            return verdict().map(Verdict::name).orElse("none");
        }
    }

    /** Returns the culprit; empty if there is none. */
    Optional<CarrierBlock> culprit() {
        return provider.seen == null ? Optional.empty() : provider.seen.culprit();
    }

    /** Returns the HTTP version that was used, or the requested one if there was no response. */
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
        return withAdvice(
                provider.seen.reason() + provider.seen.firstProblem().map(", the first: "::concat).orElse(""));
    }

    private static String withAdvice(String problem) {
        return adviceOn(problem).map(advice -> problem + "; " + advice).orElse(problem);
    }

    /** Returns what to do about a failure; empty if it is not known. */
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
            return Optional.of("it hangs in the provider's constructor or in the first handshake: a thread dump of the"
                    + " process shows where");
        }
        return problem.contains("certificate not trusted")
                ? Optional.of("if the provider cannot check the local server's CA, try --insecure") : Optional.empty();
    }

    /** Returns what a reader should know in addition to the verdict, and what to do, in a line each. */
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
            remarks.add("%s on the JDK's TLS too: the cause is in the client, such as a pool or a lock"
                    .formatted(verdict));
        } else if (bad && jdk.verdict().isEmpty()) {
            remarks.add("no verdict on the JDK's TLS, so there is nothing to compare with: %s".formatted(
                    jdk.failure == null ? jdk.seen.reason() : jdk.failure));
        }
        if (asked.http != null && !http().equals(asked.http)) {
            remarks.add("%s was requested, but %s was used".formatted(asked.http, http()));
        }
        remarks.addAll(provider.seen.remarks());
        if (bad) {
            culprit().map(culprit -> advice(culprit, provider.seen.pageCount())).ifPresent(remarks::add);
        }
        return remarks;
    }

    private static String advice(CarrierBlock culprit, int pages) {
        String carriers = "%s concurrent waits need %s carriers (-Djdk.virtualThreadScheduler.parallelism=%s)"
                .formatted(pages, pages, pages);
        return switch (culprit.kind()) {
            case NATIVE -> (culprit.mayCompute() ? "it waits or computes" : "it waits") + " in native code: use the"
                    + " provider's SSLEngine, as java.net.http does; otherwise " + carriers;
            case PINNED -> "it parks with a native frame or a class initialiser on its stack, and keeps its carrier:"
                    + " call it on a platform thread; otherwise " + carriers;
            case COMPUTING -> "it uses the CPU: more carriers help only if there are more processors";
            case UNSEEN -> "no event shows the cause: look for garbage collection, and for waits inside the JVM";
        };
    }
}
