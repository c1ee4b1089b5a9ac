package dev.cooperativetls.events;

import java.util.Optional;
import jdk.jfr.FlightRecorder;

/** A check whether this JVM, or another JVM of the same JDK with the same options, can make a flight recording. */
public final class FlightRecording {

    private FlightRecording() {}

    /** Returns why this JVM cannot record, in a few words; empty if it can record. */
    public static Optional<String> missing() {
        if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
            return Optional.of("this Java runtime has no Flight Recorder (module jdk.jfr)");
        }
        return FlightRecorder.isAvailable() ? Optional.empty()
                : Optional.of("the JVM's Flight Recorder is switched off (-XX:-FlightRecorder)");
    }
}
