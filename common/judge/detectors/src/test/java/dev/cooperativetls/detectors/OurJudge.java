package dev.cooperativetls.detectors;

import dev.cooperativetls.events.End;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.Start;
import dev.cooperativetls.events.Step;
import dev.cooperativetls.verdict.FetchRun;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Observer;
import dev.cooperativetls.verdict.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The judge of this repository. */
final class OurJudge implements Detector {

    @Override
    public String title() {
        return "[verdict](../verdict) of this repository";
    }

    @Override
    public String watch(WatchedProgram program) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        Observer observer;
        if (program.fetches()) {
            observer = Observer.ofClassPath(classPath, FetchRun.PROGRAM)
                    .delaySeconds(Double.parseDouble(program.delay()))
                    .arguments("--ca-file", System.getProperty("program.ca-file"));
            FetchRun.ofTenPages(null).configure(observer, System.getProperty("program.url"));
        } else {
            observer = Observer.ofClassPath(classPath, OurJudge.class.getName()).arguments(program.name())
                    .jvmOptions(FetchRun.JVM_OPTIONS.toArray(String[]::new));
        }
        Observation seen = observer.jvmOptions(WatchedJvm.OPTIONS.toArray(String[]::new)).observe();
        String verdict = seen.verdict().map(Verdict::name).orElseGet(() -> "no verdict: " + seen.reason());
        return verdict + seen.culprit().map(culprit -> ", %s: %s".formatted(
                culprit.kind().name().toLowerCase(Locale.ROOT), Culprit.simple(culprit.frame()))).orElse("");
    }

    /**
     * Runs a program that fetches nothing, and writes the events that the judge reads.
     *
     * @param args the name of the program, then the arguments that {@link Observer} adds
     */
    public static void main(String[] args) throws InterruptedException, IOException {
        WatchedProgram program = WatchedProgram.valueOf(args[0]);
        program.warmUp();
        try (var events = new PrintStream(args[args.length - 1].replaceFirst("^--json=", ""))) {
            long start = System.nanoTime();
            events.println(new Start(Instant.now(), null, WatchedProgram.THREADS, null, 1, null,
                    Runtime.version().toString(), null, null, null).toJson());
            var pages = new AtomicInteger();
            program.runThreads(work -> {
                double sent = seconds(start);
                work.run();
                String page = Page.of(pages.getAndIncrement(), 200, 0, null, null,
                        Map.of(Step.SENT, sent, Step.FIRST_BYTE, seconds(start))).toJson();
                synchronized (events) {
                    events.println(page);
                }
            }, () -> {});
            events.println(new End(Instant.now(), seconds(start), null, WatchedProgram.THREADS, 0, false, null)
                    .toJson());
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
