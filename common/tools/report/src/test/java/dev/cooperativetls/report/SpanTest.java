package dev.cooperativetls.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cooperativetls.events.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpanTest {

    @Test
    void a_page_goes_through_four_phases() {
        assertThat(Span.of(new Page(0, 200, 0, null, null, 0.0, 0.1, 0.2, 0.5, 0.6, 1.6, 1.7))).containsExactly(
                new Span(Phase.CONNECT, 0.1, 0.2),
                new Span(Phase.HANDSHAKE, 0.2, 0.5),
                new Span(Phase.WAITING, 0.6, 1.6),
                new Span(Phase.READING, 1.6, 1.7));
    }

    @Test
    void over_plain_http_there_is_no_handshake() {
        assertThat(Span.of(new Page(0, 200, 0, null, null, 0.0, 0.1, 0.2, null, 0.3, 1.3, 1.4)))
                .extracting(Span::phase)
                .containsExactly(Phase.CONNECT, Phase.WAITING, Phase.READING);
    }

    @Test
    void a_page_that_could_not_connect_ends_in_that_phase() {
        assertThat(Span.of(new Page(0, 0, 0, null, "refused", 0.0, 0.1, null, null, null, null, 2.0)))
                .containsExactly(new Span(Phase.CONNECT, 0.1, 2.0));
    }

    @Test
    void a_page_whose_handshake_failed_ends_in_that_phase() {
        assertThat(Span.of(new Page(0, 0, 0, null, "no trust", 0.0, 0.1, 0.2, null, null, null, 2.0)))
                .containsExactly(new Span(Phase.CONNECT, 0.1, 0.2), new Span(Phase.HANDSHAKE, 0.2, 2.0));
    }

    @Test
    void a_page_that_was_aborted_before_its_request_ends_in_the_handshake() {
        assertThat(Span.of(new Page(0, 0, 0, null, "aborted", 0.0, 0.1, 0.2, 0.5, null, null, 2.0)))
                .endsWith(new Span(Phase.HANDSHAKE, 0.2, 2.0));
    }

    @Test
    void a_page_that_was_never_answered_ends_waiting() {
        assertThat(Span.of(new Page(0, 0, 0, null, "aborted", 0.0, 0.1, 0.2, 0.5, 0.6, null, 2.0)))
                .endsWith(new Span(Phase.WAITING, 0.6, 2.0));
    }

    @Test
    void the_time_before_a_page_begins_is_blank() {
        assertThat(Span.of(new Page(0, 200, 0, null, null, 5.0, 5.1, 5.2, 5.5, 5.6, 6.6, 6.7)).getFirst().from())
                .isEqualTo(5.1);
    }

    @Test
    void a_phase_without_duration_is_left_out() {
        assertThat(Span.of(new Page(0, 200, 0, null, null, 0.0, 0.1, 0.2, 0.5, 0.6, 1.6, 1.6)))
                .extracting(Span::phase)
                .containsExactly(Phase.CONNECT, Phase.HANDSHAKE, Phase.WAITING);
    }

    @Test
    void a_page_without_times_has_no_phases() {
        assertThat(Span.of(new Page(0, 0, 0, null, "aborted", null, null, null, null, null, null, null))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void phases_can_be_distinguished_by_their_lightness(Theme theme) {
        for (Phase one : Phase.values()) {
            assertThat(contrast(one, theme)).as("%s on its background", one).isGreaterThan(3);
            for (Phase other : Phase.values()) {
                if (Math.abs(one.ordinal() - other.ordinal()) == 1) {
                    assertThat(Colours.contrast(one.colour(theme), other.colour(theme))).as("%s next to %s", one, other)
                            .isGreaterThan(1.5);
                }
            }
        }
    }

    private static double contrast(Phase phase, Theme theme) {
        return Colours.contrast(phase.colour(theme), theme.background());
    }
}
