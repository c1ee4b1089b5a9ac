package dev.cooperativetls.verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** A program for the judge to observe. Its argument selects what it prints, right or wrong. Its pages are made up. */
final class TalkingProgram {

    /** What it does. */
    enum Part {
        GOOD, THOUSAND_PAGES, REFUSES, ENDS_EARLY, ENDS_BEFORE_IT_BEGINS, PRINTS_GARBAGE, PRINTS_A_NUMBER,
        PRINTS_AN_EMPTY_LINE, PRINTS_A_BROKEN_START, PRINTS_A_START_WITHOUT_CARRIERS,
        PRINTS_A_BROKEN_PAGE, SAYS_NOTHING, NEVER_ENDS, NEVER_STOPS_TALKING, CLOSES_ITS_OUTPUT, ENDS_BUT_STAYS,
        IS_HALTED, TIMES_OUT, REPORTS_ITS_ARGUMENTS, REPORTS_ALL,
        PRINTS_TO_STANDARD_OUTPUT, PRINTS_ITS_EVENTS, TRIES_ITS_FILE
    }

    private static Events events;

    private TalkingProgram() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        events = Events.of(args);
        switch (Part.valueOf(args[0])) {
            case GOOD -> run(2);
            case THOUSAND_PAGES -> run(1_000);
            case REFUSES -> System.exit(2);
            case ENDS_EARLY -> {
                start(2);
                page(0);
                System.exit(3);
            }
            case ENDS_BEFORE_IT_BEGINS -> System.exit(0);
            case PRINTS_GARBAGE -> {
                start(2);
                events.print("Hello, world");
                forever();
            }
            case PRINTS_A_NUMBER -> events.print("42");
            case PRINTS_AN_EMPTY_LINE -> events.print("");
            case PRINTS_A_BROKEN_START -> events.print("{\"event\":\"start\",\"time\":\"noon\"}");
            case PRINTS_A_START_WITHOUT_CARRIERS ->
                events.print("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":1}", Instant.now());
            case PRINTS_A_BROKEN_PAGE -> {
                start(2);
                events.print("{\"event\":\"page\",\"page\":\"one\"}");
            }
            case SAYS_NOTHING -> forever();
            case NEVER_ENDS -> {
                start(2);
                page(0);
                forever();
            }
            case NEVER_STOPS_TALKING -> {
                start(2);
                while (true) {
                    page(0);
                }
            }
            case CLOSES_ITS_OUTPUT -> {
                start(2);
                events.close();
                forever();
            }
            case ENDS_BUT_STAYS -> {
                run(2);
                forever();
            }
            case IS_HALTED -> {
                run(2);
                Runtime.getRuntime().halt(0);
            }
            case TIMES_OUT -> {
                start(2);
                page(0);
                events.print("{\"event\":\"end\",\"elapsedSeconds\":1.0,\"timedOut\":true,\"socketClass\":null}");
                Runtime.getRuntime().halt(1);
            }
            case PRINTS_TO_STANDARD_OUTPUT -> {
                BlockingProgram.Native.print("a native library, version ");
                run(2);
                System.out.println("{\"event\":\"page\"");
            }
            case PRINTS_ITS_EVENTS -> {
                events = Events.of("--json=/dev/stdout");
                System.out.println("a driver, version 1");
                run(2);
            }
            case TRIES_ITS_FILE -> {
                Thread.sleep(100); // long enough for the judge to see the empty file
                Files.delete(Events.file(args));
                events = Events.of(args);
                run(2);
            }
            case REPORTS_ALL -> {
                events.print("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":1,\"carriers\":1,"
                        + "\"jars\":[{\"name\":\"fetch\",\"version\":\"1.0\"}],"
                        + "\"sslContexts\":{\"inForce\":\"theirs\",\"withoutClassPath\":\"ours\"}}", Instant.now());
                page(0);
                events.print("{\"event\":\"end\",\"elapsedSeconds\":1.5,\"cpuSeconds\":0.25}");
                events.print("{\"event\":\"profile\",\"methods\":[{\"method\":\"a.B.c\",\"calls\":2,"
                        + "\"averageSeconds\":0.5,\"longestSeconds\":0.75}],\"carrierBlocks\":[]}");
                events.print("{\"event\":\"call\",\"start\":0.125,\"seconds\":0.5,\"thread\":\"page-0\","
                        + "\"level\":1,\"method\":\"a.B.c\"}");
            }
            case REPORTS_ITS_ARGUMENTS -> {
                start(1);
                events.print("{\"event\":\"page\",\"page\":0,\"status\":0,\"problem\":\"%s\"}",
                        String.join(" ", args));
                end(1);
            }
        }
    }

    private static void run(int count) {
        start(count);
        for (int page = 0; page < count; page++) {
            page(page);
        }
        end(1.5);
    }

    private static void start(int count) {
        events.print("{\"event\":\"start\",\"time\":\"%s\",\"urlCount\":%s,\"carriers\":1,\"jdk\":\"25\","
                + "\"new\":[1],"
                + "\"provider\":{\"name\":\"SunJSSE\",\"version\":\"25\",\"info\":\"of the JDK\",\"from\":\"JDK\"}}",
                Instant.now(), count);
    }

    private static void page(int id) {
        events.print("{\"event\":\"page\",\"page\":%d,\"status\":200,\"bytes\":9,\"problem\":null,"
                + "\"start\":0.1,\"connectStart\":0.2,\"connected\":0.3,\"handshaken\":null,\"sent\":0.4,"
                + "\"firstByte\":1.4,\"end\":1.5}", id);
    }

    private static void end(double elapsed) {
        events.print("{\"event\":\"end\",\"elapsedSeconds\":%.3f,\"timedOut\":false,"
                + "\"socketClass\":\"a.Socket\"}", elapsed);
    }

    private static void forever() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
