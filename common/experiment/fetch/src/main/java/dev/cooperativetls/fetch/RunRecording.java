package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Call;
import dev.cooperativetls.events.MethodTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording that this JVM makes of itself, for the profile and the trace. Not thread-safe. */
final class RunRecording implements AutoCloseable {

    private final Recording recording;
    private final Path file;
    private List<RecordedEvent> events;

    private RunRecording(Recording recording, Path file) {
        this.recording = recording;
        this.file = file;
    }

    /**
     * Starts to record. It also loads and instruments the classes of the methods, so that the run does not include
     * this work.
     *
     * @param profile whether to time the {@linkplain InstrumentedMethods methods}
     * @param trace whether to record each of their calls
     * @param byDefault whether to record what the JDK records by default as well
     * @throws IOException if no temporary file can be created
     */
    static RunRecording start(boolean profile, boolean trace, boolean byDefault) throws IOException {
        var classPath = RunRecording.class.getClassLoader();
        List<String> methods = InstrumentedMethods.of(classPath);
        String filter = String.join(";", methods);
        var recording = byDefault ? new Recording(settingsOfJdk()) : new Recording();
        try {
            if (profile) {
                recording.enable("jdk.MethodTiming").with("filter", filter).with("period", "endChunk");
            }
            if (trace) {
                recording.enable("jdk.MethodTrace").with("filter", filter).withThreshold(Duration.ZERO)
                        .withoutStackTrace();
            }
            recording.start();
            if (profile || trace) {
                InstrumentedMethods.load(methods, classPath);
            }
            Path file = Files.createTempFile("cooperative-tls-", ".jfr");
            file.toFile().deleteOnExit(); // the JVM may end before close()
            return new RunRecording(recording, file);
        } catch (IOException | RuntimeException | Error e) {
            recording.close();
            throw e;
        }
    }

    private static Configuration settingsOfJdk() throws IOException {
        try {
            return Configuration.getConfiguration("default");
        } catch (ParseException e) {
            throw new IOException("the JDK's settings for a recording are broken", e);
        }
    }

    /** Stops recording. Later calls are not part of the run. */
    void stop() {
        recording.stop();
    }

    /** Returns the methods that were called, with the longest cumulative time first. */
    List<MethodTime> profile() throws IOException {
        return MethodRecording.profile(events());
    }

    /** Returns the calls that began during the run, in that order. */
    List<Call> trace(Instant from, Duration elapsed) throws IOException {
        return MethodRecording.trace(events(), from, elapsed);
    }

    private List<RecordedEvent> events() throws IOException {
        if (events == null) {
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        return events;
    }

    /** Writes the recording to a file, for JDK Mission Control. */
    void writeTo(Path kept) throws IOException {
        recording.dump(kept);
    }

    /** Ends the recording and deletes the temporary file. */
    @Override
    public void close() throws IOException {
        recording.close();
        Files.deleteIfExists(file);
    }
}
