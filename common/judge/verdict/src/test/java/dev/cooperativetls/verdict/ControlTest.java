package dev.cooperativetls.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("long")
class ControlTest {

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @AfterEach
    void nothing_is_left_behind() {
        Leftovers.assertNone();
    }

    @ParameterizedTest
    @EnumSource
    void a_control_has_its_verdict(Control control) throws Exception {
        assertThat(control.failure(CLASS_PATH, ChildJvm.OWN_JDK, List.of())).isEmpty();
    }

    @Test
    void without_a_recording_a_wait_in_native_code_is_not_seen() throws Exception {
        assertThat(Control.A_WAIT_IN_NATIVE_CODE.failure(CLASS_PATH, ChildJvm.OWN_JDK, List.of("-XX:-FlightRecorder")))
                .contains("a wait in native code is not seen in the flight recording");
    }

    @Test
    void the_failure_has_the_message_of_a_jvm_that_does_not_start() throws Exception {
        assertThat(Control.A_SLEEP.failure(CLASS_PATH, ChildJvm.OWN_JDK, List.of("-XX:NoSuchOption")))
                .hasValueSatisfying(failure -> assertThat(failure).startsWith("a sleep: the program ended with exit"
                        + " code 1 before it was done: "));
        assertThat(Control.A_SLEEP.failure(CLASS_PATH, Path.of("no-such-jdk"), List.of()))
                .hasValueSatisfying(failure -> assertThat(failure).contains("no-such-jdk"));
    }
}
