package dev.cooperativetls.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cooperativetls.recorder.CarrierBlock;
import dev.cooperativetls.verdict.Observation;
import dev.cooperativetls.verdict.Verdict;
import java.util.Objects;

/**
 * A run and its verdict, in the form in which it is saved and drawn.
 *
 * @param stage the name of the stage
 * @param installed what the stage's class path adds, in a few words
 * @param why the reason for the stage's verdict
 * @param readCall {@code read} or {@code readInto}
 * @param client the HTTP client
 * @param patch {@code on} or {@code off}; null for a stage without a patch
 * @param expected the expected verdict; null if no verdict is expected
 * @param verdict the verdict; null if there is none
 * @param reason the reason for the verdict or for its absence, in a few words
 * @param observation the evidence
 * @param recorded whether the JVM could make a flight recording
 */
public record RunResult(String stage, String installed, String why, String readCall, String client, String patch,
        Verdict expected, Verdict verdict, String reason, Observation observation, boolean recorded) {

    public RunResult {
        Objects.requireNonNull(stage);
        Objects.requireNonNull(installed);
        Objects.requireNonNull(why);
        Objects.requireNonNull(readCall);
        Objects.requireNonNull(client);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(observation);
    }

    /**
     * Returns the culprit; null if there is none. It is saved too, for programs that read the file.
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public CarrierBlock culprit() {
        return observation.culprit().orElse(null);
    }
}
