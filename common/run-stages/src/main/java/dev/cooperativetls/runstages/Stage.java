package dev.cooperativetls.runstages;

import static dev.cooperativetls.verdict.Verdict.FAST;
import static dev.cooperativetls.verdict.Verdict.SLOW;

import dev.cooperativetls.verdict.Verdict;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The stages: what lies on the class path of each, and which verdict the write-up has for it. */
enum Stage {
    NO_ALT_PROVIDER("no alt provider", Map.of(ReadCall.READ, FAST, ReadCall.READ_INTO, FAST)),
    ALT_PROVIDER("alt provider", Map.of(ReadCall.READ, SLOW, ReadCall.READ_INTO, SLOW)),
    COOPERATIVE_WRAPPER("+ cooperative wrapper", Map.of(ReadCall.READ, FAST)),
    WRAPPER_MISSING_READ_INTO("the same jars", Map.of(ReadCall.READ, FAST, ReadCall.READ_INTO, SLOW)),
    PATCHED_READ_INTO("+ patched wrapper", Map.of(ReadCall.READ, FAST, ReadCall.READ_INTO, FAST));

    private final String installed;
    private final Map<ReadCall, Verdict> verdicts;

    Stage(String installed, Map<ReadCall, Verdict> verdicts) {
        this.installed = installed;
        this.verdicts = new EnumMap<>(verdicts);
    }

    int number() {
        return ordinal();
    }

    /** What its class path adds, in a few words. */
    String installed() {
        return installed;
    }

    /** The read calls with which it is run. */
    Set<ReadCall> readCalls() {
        return verdicts.keySet();
    }

    Verdict verdict(ReadCall call) {
        return verdicts.get(call);
    }

    boolean hasPatch() {
        return this == PATCHED_READ_INTO;
    }

    /** Its runnable jar. */
    Path jar(Path root, boolean patched) {
        String jar = hasPatch() && !patched ? "%s-patch-off.jar" : "%s.jar";
        return root.resolve(toString()).resolve("target").resolve(jar.formatted(this));
    }

    /** Its folder's name. */
    @Override
    public String toString() {
        return "stage-%02d".formatted(number());
    }
}
