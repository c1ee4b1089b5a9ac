package dev.cooperativetls.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * A flight recording that this JVM makes of itself, from just before a run to just after it.
 *
 * <p>It must not be started before {@link Instrument#missing} was asked. Not thread-safe.
 */
public final class RunRecording implements AutoCloseable {

    private final Recording recording;
    private final Set<Instrument> wanted;

    private RunRecording(Recording recording, Set<Instrument> wanted) {
        this.recording = recording;
        this.wanted = wanted;
    }

    /**
     * Starts to record what holds the carriers, and what else is wanted. When this returns, the instrumented classes
     * have been loaded and rewritten: that costs the caller time, and not the run.
     *
     * @param classPath names the {@linkplain InstrumentedMethods methods} for a profile or a trace
     */
    public static RunRecording start(Set<Instrument> wanted, ClassLoader classPath) throws IOException {
        Recording recording = new Recording(carriers());
        List<String> methods = InstrumentedMethods.of(classPath);
        String filter = String.join(";", methods);
        for (Instrument instrument : wanted) {
            switch (instrument) {
                case PROFILE -> recording.enable("jdk.MethodTiming").with("filter", filter).with("period", "endChunk");
                case TRACE -> recording.enable("jdk.MethodTrace").with("filter", filter).withThreshold(Duration.ZERO)
                        .withoutStackTrace();
            }
        }
        try {
            recording.start();
        } catch (RuntimeException | Error e) {
            recording.close();
            throw e;
        }
        if (!wanted.isEmpty()) {
            InstrumentedMethods.load(methods, classPath);
        }
        return new RunRecording(recording, wanted);
    }

    private static Configuration carriers() throws IOException {
        try (InputStream settings = CarrierRecording.settings()) {
            return Configuration.create(new InputStreamReader(settings, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException("the packaged settings are broken", e);
        }
    }

    /** Stops recording: what is called from now on is not part of the run. */
    public void stop() {
        recording.stop();
    }

    /**
     * Reads what was recorded until {@link #stop}.
     *
     * @param from the beginning of the run
     * @param elapsed how long the run took
     * @param keep where to leave the recording, for JDK Mission Control; null to delete it
     */
    public Readings read(Instant from, Duration elapsed, int carriers, Path keep) throws IOException {
        Path file = keep == null ? Files.createTempFile("cooperative-tls-", ".jfr") : keep;
        if (keep == null) {
            file.toFile().deleteOnExit(); // the JVM may be told to end before the finally below
        }
        try {
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            return new Readings(
                    wanted.contains(Instrument.PROFILE) ? MethodRecording.profile(events) : null,
                    wanted.contains(Instrument.TRACE) ? MethodRecording.trace(events, from, elapsed) : null,
                    CarrierRecording.holders(events, from, elapsed, carriers));
        } finally {
            if (keep == null) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
