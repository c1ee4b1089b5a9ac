package dev.cooperativetls.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void the_median_of_an_odd_number_is_the_middle_one() {
        assertThat(Sample.of(List.of(3.0, 1.0, 100.0))).isEqualTo(new Sample(3, 1, 100));
    }

    @Test
    void the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assertThat(Sample.of(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(new Sample(3, 1, 100));
    }

    @Test
    void a_sample_needs_a_measurement() {
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(List.of()));
    }

    @Test
    void its_text_shows_the_spread() {
        assertThat(new Sample(0.12345, 0.1, 1).toString(3)).isEqualTo("0.123 (0.100 to 1.000)");
    }
}
