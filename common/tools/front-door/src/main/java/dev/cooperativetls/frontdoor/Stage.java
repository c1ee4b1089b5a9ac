package dev.cooperativetls.frontdoor;

import static dev.cooperativetls.verdict.Verdict.FAST;
import static dev.cooperativetls.verdict.Verdict.SLOW;

import dev.cooperativetls.verdict.Verdict;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The stages: what lies on the class path of each, and which verdict the write-up has for it. */
enum Stage {
    NO_ALT_PROVIDER("no alt provider", """
            The JDK's own TLS sockets park a virtual thread that waits, and its carrier goes on with another. In the
            write-up: the standard ssl module, which gevent has patched to yield to its hub.""",
            Map.of(ReadCall.READ, FAST, ReadCall.READ_INTO, FAST)),
    ALT_PROVIDER("alt provider", """
            A jar on the class path is the first TLS provider of the JVM. Its sockets wait in the operating system's
            poll(2), which the scheduler of virtual threads cannot see: the carrier waits with its thread, and all other
            pages with it. In the write-up: pyOpenSSL is importable, so it is injected, and waits where the hub cannot
            see it.""",
            Map.of(ReadCall.READ, SLOW, ReadCall.READ_INTO, SLOW)),
    COOPERATIVE_WRAPPER("+ cooperative wrapper", """
            A wrapper around the provider's connections does their waiting: it makes the call, and parks the thread on
            one shared hub until the channel is ready. The same TLS waits together again. In the write-up:
            gevent_openssl, under Python 2.7.""",
            Map.of(ReadCall.READ, FAST)),
    WRAPPER_MISSING_READ_INTO("the same jars", """
            The wrapper knows read. A newer runtime calls readInto, which the wrapper does not override: the call goes
            to the connection below, and to poll(2). In the write-up: Python 3.7's file layer calls recv_into, which
            gevent_openssl does not have.""",
            Map.of(ReadCall.READ, FAST, ReadCall.READ_INTO, SLOW)),
    PATCHED_READ_INTO("+ patched wrapper", """
            The patch gives the wrapper a readInto that waits as its read does. Nothing else has changed, and both calls
            wait together. In the write-up: the patched gevent_openssl.""",
            Map.of(ReadCall.READ, FAST, ReadCall.READ_INTO, FAST));

    private final String installed;
    private final String why;
    private final Map<ReadCall, Verdict> verdicts;

    Stage(String installed, String why, Map<ReadCall, Verdict> verdicts) {
        this.installed = installed;
        this.why = why.replace('\n', ' ');
        this.verdicts = new EnumMap<>(verdicts);
    }

    int number() {
        return ordinal();
    }

    /** What its class path adds, in a few words. */
    String installed() {
        return installed;
    }

    /** The write-up's explanation, in our words. */
    String why() {
        return why;
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
