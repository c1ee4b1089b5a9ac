package dev.cooperativetls.report;

import dev.cooperativetls.events.Build;
import dev.cooperativetls.events.Jar;
import dev.cooperativetls.events.Machine;
import dev.cooperativetls.events.MethodTime;
import dev.cooperativetls.events.Page;
import dev.cooperativetls.events.ResultsHead;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.verdict.Details;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Invented runs that resemble those of the stages. */
final class Samples {

    private static final String PACKAGE = "dev.cooperativetls.";

    private static final List<String> POLL_STACK = List.of(
            PACKAGE + "altprovider.Poll.poll",
            PACKAGE + "altprovider.Poll.untilReadable",
            PACKAGE + "altprovider.WrappedSocket$Input.waitForInput",
            PACKAGE + "altprovider.WrappedSocket$Input.read",
            "org.apache.hc.core5.http.impl.io.SessionInputBufferImpl.fillBuffer",
            "org.apache.hc.core5.http.impl.io.SessionInputBufferImpl.readLine",
            "org.apache.hc.core5.http.impl.io.AbstractMessageParser.parse",
            "org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection.receiveResponseHeader",
            "org.apache.hc.core5.http.impl.io.HttpRequestExecutor.execute",
            "org.apache.hc.client5.http.impl.classic.InternalHttpClient.doExecute",
            PACKAGE + "fetch.HttpClient5.get",
            PACKAGE + "fetch.PageRun.run",
            "java.lang.VirtualThread.run");

    private Samples() {}

    /** Returns results with these runs, as if measured on one machine. */
    static RunResults results(List<RunResult> runs) {
        return results(runs, "25.0.3+9-LTS", 2);
    }

    static RunResults results(List<RunResult> runs, String jdk, int cores) {
        return new RunResults(new ResultsHead(ResultsHead.SCHEMA,
                new Build("run-stages", "0.1.0", "0123456789abcdef0123456789abcdef01234567"),
                new Machine("Linux amd64", "6.18.0", "AMD EPYC", cores, 8L << 30, 1.5, 2L << 30, jdk,
                        "Eclipse Adoptium"),
                List.of("-XX:+UseSerialGC"), ResultsHead.ONE_REQUEST,
                List.of("./run-stages", "--report", "my report"), Instant.parse("2026-11-22T19:54:30Z")), runs);
    }

    /** Returns the nine runs of the stages. */
    static List<RunResult> report(int pages) {
        return List.of(
                fast(0, "read", pages), fast(0, "readInto", pages),
                slow(1, "read", pages), slow(1, "readInto", pages),
                fast(2, "read", pages),
                fast(3, "read", pages), slow(3, "readInto", pages),
                fast(4, "read", pages), fast(4, "readInto", pages));
    }

    static RunResult fast(int stage, String readCall, int count) {
        List<Page> pages = IntStream.range(0, count).mapToObj(i -> {
            double handshaken = 0.15 + 0.2 * i / count;
            return page(i, 0.05, handshaken, handshaken + 0.002, handshaken + 1.012);
        }).toList();
        return run(stage, readCall, Verdict.FAST, "%s of %s waits at once".formatted(count, count), 1.37, count,
                List.of(new CarrierBlock("org.bouncycastle.math.raw.Nat256.mul", CarrierBlock.Kind.COMPUTING, 0.062,
                        List.of("org.bouncycastle.math.raw.Nat256.mul"))), pages);
    }

    static RunResult slow(int stage, String readCall, int count) {
        return slow(stage, readCall, count, List.of(
                new CarrierBlock(PACKAGE + "altprovider.Poll.poll", CarrierBlock.Kind.NATIVE, 0.951, POLL_STACK),
                new CarrierBlock("org.bouncycastle.math.raw.Nat256.mul", CarrierBlock.Kind.COMPUTING, 0.014,
                        List.of("org.bouncycastle.math.raw.Nat256.mul"))));
    }

    /** Returns a slow run with this block. */
    static RunResult blockedBy(CarrierBlock block) {
        return slow(1, "read", 10, List.of(block));
    }

    private static RunResult slow(int stage, String readCall, int count, List<CarrierBlock> blocks) {
        List<Page> pages = IntStream.range(0, count)
                .mapToObj(i -> page(i, 0.05, i * 1.05 + 0.05, i * 1.05 + 0.055, i * 1.05 + 1.075))
                .toList();
        return run(stage, readCall, Verdict.SLOW, "one wait at a time", count * 1.05 + 0.12, 1, blocks, pages);
    }

    /** Returns a run that has only the required values. */
    static RunResult empty() {
        return result("stage-00", "", "", "read", null, null, null, "no wait was seen",
                observation(List.of(), 0, 0, null, null, null, List.of(), null, null));
    }

    /** Returns a run with this text in every field for text. */
    static RunResult hostile(String text) {
        List<Page> pages = List.of(
                new Page(0, 0, 0, text, text, 0.0, 0.01, 0.02, null, null, null, 0.9),
                new Page(1, 200, 0, text, null, 0.0, 0.01, 0.02, 0.1, 0.1, 0.8, 0.9));
        Observation seen = observation(pages, 0.9, 1, text, text, text,
                List.of(new CarrierBlock(text, CarrierBlock.Kind.PINNED, 0.9, List.of(text))),
                List.of(new Jar(text, text)),
                List.of(new MethodTime(text, 1, 1, 1)));
        // HUNG, because a run without a verdict has no culprit.
        return result(text, text, text, text, text, null, Verdict.HUNG, text, new Observation(2, pages, 0.9, true,
                seen.delaySeconds(), seen.serverPeak(), seen.serverMean(), 1, text, text, text, seen.carrierBlocks(),
                seen.details()));
    }

    /** Returns the same run with these pages. */
    static RunResult with(List<Page> pages, RunResult run) {
        Observation seen = run.observation();
        return new RunResult(run.stage(), run.installed(), run.why(), run.readCall(), run.client(), run.patch(),
                run.expected(), run.verdict(), run.reason(), new Observation(seen.pageCount(), pages,
                        seen.elapsedSeconds(), seen.timedOut(), seen.delaySeconds(), seen.serverPeak(),
                        seen.serverMean(), seen.carriers(), seen.socketClass(), seen.provider(), seen.jdk(),
                        seen.carrierBlocks(), seen.details()), run.recorded());
    }

    /** Returns the same run with another duration. */
    static RunResult lasting(double seconds, RunResult run) {
        Observation seen = run.observation();
        return new RunResult(run.stage(), run.installed(), run.why(), run.readCall(), run.client(), run.patch(),
                run.expected(), run.verdict(), run.reason(), new Observation(seen.pageCount(), seen.pages(), seconds,
                        seen.timedOut(), seen.delaySeconds(), seen.serverPeak(), seen.serverMean(), seen.carriers(),
                        seen.socketClass(), seen.provider(), seen.jdk(), seen.carrierBlocks(), seen.details()),
                run.recorded());
    }

    /** Returns the same run with another expected verdict. */
    static RunResult expecting(Verdict verdict, RunResult run) {
        return new RunResult(run.stage(), run.installed(), run.why(), run.readCall(), run.client(), run.patch(),
                verdict, run.verdict(), run.reason(), run.observation(), run.recorded());
    }

    private static Page page(int id, double connected, double handshaken, double sent, double firstByte) {
        return new Page(id, 200, 68, "http/1.1", null, 0.01, 0.03, connected, handshaken, sent, firstByte,
                firstByte + 0.001);
    }

    private static RunResult run(int stage, String readCall, Verdict verdict, String reason, double elapsed, int atOnce,
            List<CarrierBlock> carrierBlocks, List<Page> pages) {
        int count = pages.size();
        return result("stage-0" + stage, INSTALLED.get(stage), WHY.get(stage), readCall, stage == 4 ? "on" : null,
                verdict, verdict, reason, observation(pages, elapsed, atOnce,
                        stage == 0 ? "sun.security.ssl.SSLSocketImpl" : PACKAGE + "altprovider.WrappedSocket",
                        stage == 0 ? "SunJSSE: Sun JSSE provider" : "AltTls: waits in poll(2)", "25.0.3+9-LTS",
                        carrierBlocks, jars(stage), profile(stage, count)));
    }

    private static RunResult result(String stage, String installed, String why, String readCall, String patch,
            Verdict expected, Verdict verdict, String reason, Observation seen) {
        return new RunResult(stage, installed, why, readCall, "httpclient5", patch, expected, verdict, reason, seen,
                true);
    }

    private static Observation observation(List<Page> pages, double elapsed, int atOnce, String socketClass,
            String provider, String jdk, List<CarrierBlock> carrierBlocks, List<Jar> jars, List<MethodTime> profile) {
        return new Observation(pages.size(), pages, elapsed, false, OptionalDouble.of(1), OptionalInt.of(atOnce),
                OptionalDouble.of(atOnce), 1, socketClass, provider, jdk, carrierBlocks,
                new Details(List.of("java", "-jar", "stage-03/target/stage-03.jar", "--url", "https://localhost/"),
                        Instant.parse("2026-11-22T19:54:07.045Z"), 2.31, jars, profile, null));
    }

    private static List<Jar> jars(int stage) {
        List<Jar> jars = new ArrayList<>(List.of(new Jar("fetch", null), new Jar("httpclient5", "5.6.5"),
                new Jar("httpcore5", "5.4.3"), new Jar("picocli", "4.7.7"), new Jar("slf4j-api", "2.0.20")));
        if (stage >= 1) {
            jars.addAll(List.of(new Jar("alt-provider", "1.0.0"), new Jar("bctls-jdk18on", "1.84"),
                    new Jar("tls-channel", "0.10.1")));
        }
        if (stage >= 2) {
            jars.add(new Jar("cooperative-wrapper", "1.0.0"));
        }
        return jars;
    }

    private static List<MethodTime> profile(int stage, int count) {
        List<MethodTime> profile = new ArrayList<>();
        profile.add(new MethodTime(PACKAGE + "fetch.PageRun.run", count, 1.2, 1.4));
        profile.add(new MethodTime(PACKAGE + "fetch.HttpClient5.get", count, 1.19, 1.39));
        if (stage >= 1) {
            profile.add(new MethodTime(PACKAGE + "altprovider.WrappedSocket$Input.read(byte[], int, int)", 3L * count,
                    0.34, 1.022));
            profile.add(new MethodTime(PACKAGE + "altprovider.Poll.poll", 2L * count, 0.51, 1.021));
        }
        for (int i = 0; i < 15; i++) {
            profile.add(new MethodTime("sun.security.ssl.SSLSocketImpl.step" + i, count, 0.0421 / (1 << i),
                    0.0931 / (1 << i)));
        }
        return profile;
    }

    private static final List<String> INSTALLED =
            List.of("no alt provider", "alt provider", "+ cooperative wrapper", "the same jars", "+ patched wrapper");

    private static final List<String> WHY = List.of(
            "The JDK's TLS sockets park their virtual thread while they wait, so the carrier is free for the others.",
            "The alternative provider comes first, and its sockets wait in poll(2). The scheduler cannot see that: the"
                    + " carrier is blocked until the page is in.",
            "The wrapper's calls throw where they would have to wait, and the thread parks instead.",
            "readInto was added to Connection after the wrapper was written. The wrapper hands on whatever it does not"
                    + " override, so that call goes below, to poll.",
            "The patch adds readInto to the wrapper, which now parks in both calls.");
}
