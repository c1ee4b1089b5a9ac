package dev.cooperativetls.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelayTest {

    @ParameterizedTest
    @CsvSource({"/delay/0, 0", "/delay/1, 1000", "/delay/0.25, 250", "/delay/0.002, 2", "/delay/3600, 3600000"})
    void a_path_with_plain_seconds_has_that_delay(String path, int millis) {
        assertThat(Delay.ofPath(path)).contains(new Delay(millis));
    }

    @Test
    void a_part_of_a_millisecond_is_rounded_up() {
        assertThat(Delay.ofPath("/delay/0.0000001")).contains(new Delay(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/delay/-1", "/delay/+1", "/delay/1e3", "/delay/NaN", "/delay/one", "/delay/", "/delay", "/delay/1/2",
        "/delay/.", "/delay/1.", "/delay/.5", "/delay/3600.1", "/delay/00001", "/delay/0.0000000001",
        "/delay/1.2.3", "/delay/%31", "/delay/\u0661", "/1", ""
    })
    void any_other_path_has_no_delay(String path) {
        assertThat(Delay.ofPath(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0.1", "3600", "3600.000", "1e3", "1e-9", "0.123456789", "0.1234567890"})
    void seconds_that_a_path_can_have_are_served(String seconds) {
        assertThat(Delay.isServed(new BigDecimal(seconds))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "3600.1", "1e9", "1e-10", "1e-400", "1e-999999999", "1e999999999",
        "0.1234567891"})
    void other_seconds_are_not_served(String seconds) {
        assertThat(Delay.isServed(new BigDecimal(seconds))).isFalse();
    }

    @Test
    void arguments_are_decoded_and_a_repeated_one_has_all_its_values() {
        assertThat(DelayTransformer.arguments("page=3&q=a+%26%C3%A9=b&q=2&empty=&bare"))
                .containsEntry("page", "3")
                .containsEntry("q", List.of("a &é=b", "2"))
                .containsEntry("empty", "")
                .containsEntry("bare", "")
                .hasSize(4);
        assertThat(DelayTransformer.arguments("")).isEmpty();
    }

    @Test
    void a_malformed_argument_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DelayTransformer.arguments("page=%zz"));
    }
}
