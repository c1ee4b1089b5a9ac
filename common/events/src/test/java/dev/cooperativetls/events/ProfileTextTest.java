package dev.cooperativetls.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTextTest {

    private static final List<MethodTime> PROFILE = List.of(
            new MethodTime("a.Read.read", 10, 1.0051, 1.25), new MethodTime("a.Poll.poll", 100, 0.1004, 0.1351),
            new MethodTime("a.Quick.quick", 20, 0.00000204, 0.0012));

    @Test
    void a_profile_is_a_table_in_which_each_time_has_a_unit() {
        assertThat(ProfileText.profile(PROFILE, 10.5, 20)).isEqualToNormalizingNewlines("""
                time in calls, waits included: concurrent calls can add up to more than 100 % of the run
                calls  per call  longest  cumulative  of the run  method
                   10    1.01 s   1.25 s     10.05 s        96 %  a.Read.read
                  100    100 ms   135 ms     10.04 s        96 %  a.Poll.poll
                   20  0.002 ms   1.2 ms    0.041 ms         0 %  a.Quick.quick
                """);
    }

    @Test
    void a_profile_has_at_most_the_given_number_of_rows() {
        assertThat(ProfileText.profile(PROFILE, 10.5, 1).lines()).hasSize(3).last().asString().endsWith("a.Read.read");
    }

    @Test
    void a_trace_shows_calls_and_returns_of_all_threads_in_their_order() {
        List<Call> trace = List.of(new Call(0, 1.5, "page-0", 1, "a.b.Page.get"),
                new Call(0.25, 0.25, "page-1", 1, "a.b.Page.get"),
                new Call(0.625, 0.75, "page-0", 2, "a.b.Socket.read"));

        assertThat(ProfileText.trace(trace)).isEqualToNormalizingNewlines("""
                  0.0000 s  page-0    1   -> Page.get
                  0.2500 s  page-1    1   -> Page.get
                  0.5000 s  page-1    1   <- Page.get  250 ms
                  0.6250 s  page-0    2     -> Socket.read
                  1.3750 s  page-0    2     <- Socket.read  750 ms
                  1.5000 s  page-0    1   <- Page.get  1.50 s
                """);
    }

    @Test
    void a_call_without_duration_returns_after_it_began() {
        List<Call> trace = List.of(new Call(1, 0, "page-0", 1, "a.B.c"), new Call(1, 0, "page-0", 1, "a.B.d"));

        assertThat(ProfileText.trace(trace).lines().map(line -> line.substring(line.indexOf(" 1 ")).strip()))
                .containsExactly("1   -> B.c", "1   <- B.c  0.000 ms", "1   -> B.d", "1   <- B.d  0.000 ms");
    }
}
