package dev.cooperativetls.recorder;

import java.util.Optional;
import jdk.jfr.FlightRecorder;

/** What can be recorded of a run, beside what held its carriers. */
public enum Instrument {
    /** How often the instrumented methods were called, and how long they took. */
    PROFILE,
    /** Each call of them. */
    TRACE;

    /** Why this JVM cannot record, in a few words; nothing if it can. */
    public static Optional<String> missing() {
        if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
            return Optional.of("this Java runtime has no Flight Recorder (module jdk.jfr)");
        }
        return FlightRecorder.isAvailable()
                ? Optional.empty()
                : Optional.of("the JVM's Flight Recorder is switched off (-XX:-FlightRecorder)");
    }
}
