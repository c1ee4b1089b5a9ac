package dev.cooperativetls.report;

import dev.cooperativetls.recorder.Holder;
import dev.cooperativetls.recorder.Jar;
import dev.cooperativetls.recorder.MethodTime;
import dev.cooperativetls.verdict.Page;
import java.util.List;
import java.util.Locale;

/**
 * A run and its verdict, as it is saved and drawn. Times are in seconds; null where it is not known, or there is none.
 *
 * @param stage the stage's number
 * @param installed what its class path adds, in a few words
 * @param why the write-up's explanation, in our words
 * @param readCall {@code read} or {@code readInto}
 * @param expected the verdict that the write-up has for it
 * @param verdict the verdict
 * @param reason why the verdict is what it is, in a few words
 * @param urlCount how many pages were asked for
 * @param valid how many of them are valid
 * @param delaySeconds how long the server held each
 * @param atOnce how many waited at once at the most, as the server counted, or else as the pages' times tell
 * @param serverPeak how many the server held at once at the most
 * @param provider whose {@code SSLContext} was in force, in words
 * @param culprit what held the carriers the longest
 * @param holders what held the carriers, the longest first; null if that was not recorded
 * @param patch {@code on} or {@code off}, for a stage that has one
 * @param cpuSeconds the processor time that the program took from START to END
 * @param processors how many the machine has
 * @param started when, as an ISO 8601 instant
 * @param command what the user typed
 * @param program the program's command line
 * @param jars the program's class path
 * @param pages those that ended, or were given up, in that order
 * @param profile the profile, by cumulative time
 */
public record RunResult(int stage, String installed, String why, String readCall, String expected, String verdict,
        String reason, int urlCount, int valid, double delaySeconds, double elapsedSeconds, double overlap, int atOnce,
        Integer serverPeak, int carriers, String provider, String socketClass, String culprit, List<Holder> holders,
        String patch, Double cpuSeconds, String jdk, String os, int processors, String started, List<String> command,
        List<String> program, List<Jar> jars, List<Page> pages, List<MethodTime> profile) {

    /** The stage's folder. */
    public String stageName() {
        return String.format(Locale.ROOT, "stage-%02d", stage);
    }

    private static boolean isWhole(List<?> list) {
        return list.stream().allMatch(element -> switch (element) {
            case null -> false;
            case Holder holder -> holder.frame() != null && holder.kind() != null && holder.stack() != null
                    && isWhole(holder.stack());
            case MethodTime time -> time.method() != null;
            case Jar jar -> jar.name() != null;
            default -> true;
        });
    }

    /** Whether what every run has is there: results of an older version, or somebody else's file, lack it. */
    boolean isWhole() {
        return installed != null && why != null && readCall != null && expected != null && reason != null
                && Double.isFinite(elapsedSeconds) && Double.isFinite(delaySeconds) && Double.isFinite(overlap)
                && (holders == null ? culprit == null : isWhole(holders) && (culprit == null || !holders.isEmpty()))
                && jdk != null && os != null && started != null && command != null && isWhole(command)
                && program != null && isWhole(program) && pages != null && isWhole(pages)
                && (jars == null || isWhole(jars)) && (profile == null || isWhole(profile));
    }
}
