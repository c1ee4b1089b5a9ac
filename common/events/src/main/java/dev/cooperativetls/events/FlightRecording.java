package dev.cooperativetls.events;

import java.util.Optional;
import jdk.jfr.FlightRecorder;

/** Tells whether a JVM on this JDK, started with the options of this one, can make a flight recording. */
public final class FlightRecording {

    private FlightRecording() {}

    /** Returns why this JVM cannot record, in a few words; empty if it can. */
    public static Optional<String> missing() {
        if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
            return Optional.of("this Java runtime has no Flight Recorder (module jdk.jfr)");
        }
        return FlightRecorder.isAvailable() ? Optional.empty()
                : Optional.of("the JVM's Flight Recorder is switched off (-XX:-FlightRecorder)");
    }
}
